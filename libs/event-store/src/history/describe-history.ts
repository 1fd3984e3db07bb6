import type { AppendAnswer, Call, History, ShownEvent } from './call';
import { shortestHistory } from './shortest';
import type { Violation } from './violation';

const brief = (id: string): string => id.slice(0, 8);

const shownText = ({ id, position, streamId, revision }: ShownEvent): string =>
  `${brief(id)} #${position} ${streamId}@${revision}`;

/** Events written out beside the one that matters. */
const NEIGHBOURS = 2;

/** The events around the one that matters; of a long list without it, its two ends. */
const someOf = (shown: ReadonlyArray<ShownEvent>, subject: string): string => {
  if (shown.length <= 2 * NEIGHBOURS + 1) return shown.map(shownText).join(', ') || 'nothing';
  const at = shown.findIndex(({ id }) => id === subject);
  const parts =
    at === -1
      ? [...shown.slice(0, NEIGHBOURS).map(shownText), '…', ...shown.slice(-NEIGHBOURS).map(shownText)]
      : shown.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1).map(shownText);
  return `${parts.join(', ')} (of ${shown.length} events)`;
};

const answerText = (answer: AppendAnswer): string => {
  switch (answer.kind) {
    case 'ok':
      return `ok${answer.duplicate ? ', was there' : ''}: ${answer.places.map(({ id, position, revision }) => `${brief(id)} #${position} @${revision}`).join(', ')}`;
    case 'wrongRevision':
      return `refused, revision is ${String(answer.actual)}`;
    case 'conflict':
      return `refused, ${brief(answer.eventId)} is at #${answer.position}`;
    case 'failed':
      return `failed: ${answer.message}`;
    case 'unknown':
      return `unknown: ${answer.message}`;
  }
};

const callText = (call: Call, subject: string): string => {
  switch (call.kind) {
    case 'append':
      return `append ${call.events.map(({ id }) => brief(id)).join(', ')} to ${call.streamId}, expecting ${call.expected} → ${answerText(call.answer)}`;
    case 'read': {
      const what = 'streamId' in call.of ? call.of.streamId : `log ${JSON.stringify(call.of.filter)}`;
      const bounds = `${call.from === null ? '' : ` from ${call.from}`}${call.limit === null ? '' : ` at most ${call.limit}`}`;
      return `read ${what} ${call.direction}${bounds} → ${someOf(call.shown, subject)}${call.complete ? '' : ', broken off'}`;
    }
    case 'lookup':
      return `find ${brief(call.eventId)} → ${call.found === undefined ? 'no answer' : call.found === null ? 'there is none' : shownText(call.found)}`;
    case 'head':
      return `head → ${call.position === undefined ? 'no answer' : `#${call.position}`}`;
    case 'subscription': {
      const messages = call.messages.map(({ at, shown, caughtUp }) =>
        caughtUp === null ? `[${at}] ${someOf(shown, subject)}` : `[${at}] caught up at #${caughtUp}`,
      );
      const until = call.awaited === null ? '' : `; waited for up to #${call.awaited}`;
      const some = messages.length > 8 ? [...messages.slice(0, 2), '…', ...messages.slice(-5)] : messages;
      return `subscribe ${JSON.stringify(call.filter)} after ${call.after} → ${some.join(' | ') || 'nothing'}${until}`;
    }
    case 'projection': {
      const states = call.states.map(({ at, position, count }) => `[${at}] ${count} events up to #${position}`);
      return `project → ${states.slice(-3).join(' | ')}${call.awaited === null ? '' : `; waited for up to #${call.awaited}`}`;
    }
  }
};

/** One line a call, by the moment it was asked: when, who, what, and what was answered. */
export const describeHistory = (history: History, subject: string): string =>
  history
    .map((call) => {
      const moments = `[${call.invoked}, ${call.ended ?? '?'}]`;
      return `  ${moments.padEnd(16)} ${call.process.padEnd(14)} ${call.call}: ${callText(call, subject)}`;
    })
    .join('\n');

/** What a person needs of a violation: what it is, the shortest history that shows it, and how to see it again. */
export const describeViolation = (history: History, violation: Violation, again: string): string => {
  const shortest = shortestHistory(history, violation);
  return [
    `${violation.kind}: ${violation.explanation}`,
    `The shortest history that shows it (${shortest.length} of ${history.length} calls; [asked, over] are places in the record):`,
    describeHistory(shortest, violation.subject),
    `Again: ${again}`,
  ].join('\n');
};

import { addShownView, type Answers, faultOfWindow, type Shown, type Window } from '@afecto/application';
import { figures, models, partyViews } from '@afecto/projections';
import { type Instant, isInstant } from '@afecto/domain';
import type { CommandSettings } from '../settings';
import { colours } from '../terminal/colours';
import { reportStory } from '../terminal/report-story';
import { outline } from '../terminal/outline';
import { table } from '../terminal/table';
import { asking, ofAll, unknownParty } from './ask';
import { done, failed, json, type Outcome, showing } from './outcome';

type Command = (settings: CommandSettings) => Promise<Outcome>;

interface Named {
  readonly code: string;
  readonly name: string;
  readonly title: string;
}

const listOf = (named: ReadonlyArray<Named>): string =>
  table(named.map(({ code, name, title }) => [`  ${colours.dim(code)}`, colours.bold(name), title]));

const namesOf = (named: ReadonlyArray<Pick<Named, 'name'>>): string => named.map(({ name }) => name).join(', ');

/** The window as the command line gives it. */
export interface Days {
  readonly from?: string;
  readonly to?: string;
}

/** A date is a day of the tenant, wherever that is: on no instant of UTC does every place have the same date. */
const dayOf = (text: string): Instant | string | null => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return isInstant(`${text}T12:00:00Z`) ? text : null;
  return isInstant(text) ? Date.parse(text) : null;
};

const windowOf = ({ from, to }: Days, now: Instant): Window | string => {
  const window: { from?: Instant | string; to?: Instant | string } = {};
  for (const [option, text] of Object.entries({ from, to })) {
    if (text === undefined) continue;
    const at = dayOf(text);
    if (at === null) return `--${option} must be a day such as 2026-01-31; got "${text}"`;
    Object.assign(window, { [option]: at });
  }
  const fault = faultOfWindow(window, now, '--to');
  return fault === null ? window : `--from ${fault}; got ${from}${to === undefined ? '' : ` and ${to}`}`;
};

const overDays =
  (
    days: Days,
    ask: (answers: Answers, window: Window, settings: CommandSettings) => Promise<Outcome>,
    signal: AbortSignal,
  ): Command =>
  async (settings) => {
    const window = windowOf(days, settings.now());
    if (typeof window === 'string') return failed(window);
    return ofAll((answers) => ask(answers, window, settings), signal)(settings);
  };

/** Figures about all customers over a window of days; without a name, which there are. */
export const showFigures = (name: string | undefined, days: Days, signal: AbortSignal): Command => {
  if (name === undefined)
    return async (settings) =>
      done(
        settings.json
          ? json(figures.map(({ code, name: known, title }) => ({ code, name: known, title })))
          : listOf(figures),
      );
  const wanted = figures.find((known) => known.name === name);
  if (wanted === undefined)
    return async () => failed(`There are no figures "${name}". There are: ${namesOf(figures)}.`);
  return overDays(
    days,
    async (answers, window, settings) => {
      const answer = await answers.figures(wanted, window);
      return done(settings.json ? json(answer) : `  ${wanted.title}\n\n${outline(answer)}`);
    },
    signal,
  );
};

/** A framework of the source documents, each step with the figures that fulfil it; without a name, which there are. */
export const showReport = (name: string | undefined, days: Days, signal: AbortSignal): Command => {
  if (name === undefined)
    return async (settings) =>
      done(
        settings.json
          ? json(models.map(({ name: known, title }) => ({ name: known, title })))
          : table(models.map(({ name: known, title }) => [`  ${colours.bold(known)}`, title])),
      );
  const wanted = models.find((known) => known.name === name);
  if (wanted === undefined) return async () => failed(`There is no report "${name}". There are: ${namesOf(models)}.`);
  return overDays(
    days,
    async (answers, window, settings) => {
      const answer = await answers.report(wanted, window);
      return done(settings.json ? json(answer) : reportStory(answer));
    },
    signal,
  );
};

/** One side of a customer; without a name, which there are. */
export const showView = (partyId: string, name: string | undefined, signal: AbortSignal): Command => {
  if (name === undefined)
    return async (settings) =>
      done(
        settings.json
          ? json(partyViews.map(({ code, name: known, title }) => ({ code, name: known, title })))
          : listOf(partyViews),
      );
  const wanted = partyViews.find((known) => known.name === name);
  if (wanted === undefined) return async () => failed(`There is no view "${name}". There are: ${namesOf(partyViews)}.`);
  return asking(async (answers, when, settings) => {
    const seen = await answers.view(wanted, partyId, when);
    if (seen === null) return unknownParty(partyId, when);
    const shown: Shown = new Map();
    addShownView(shown, partyId, wanted.name, seen.view);
    return showing(shown, done(settings.json ? json(seen.view) : `  ${wanted.title}\n\n${outline(seen.view)}`));
  }, signal);
};

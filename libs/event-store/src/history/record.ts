import type {
  AppendAnswer,
  AppendCall,
  Call,
  History,
  Message,
  Operation,
  ProjectionCall,
  ProjectionState,
  ReadCall,
  ShownEvent,
  SubscriptionCall,
} from './call';

/** One line of a record. Its place in the record is its moment. */
export type Entry =
  | {
      readonly entry: 'invoked';
      readonly call: string;
      readonly process: string;
      readonly operation: Operation;
    }
  | { readonly entry: 'appended'; readonly call: string; readonly answer: AppendAnswer }
  | {
      readonly entry: 'read';
      readonly call: string;
      readonly shown: ReadonlyArray<ShownEvent>;
      readonly complete: boolean;
    }
  | { readonly entry: 'found'; readonly call: string; readonly found: ShownEvent | null }
  | { readonly entry: 'headIs'; readonly call: string; readonly position: number }
  | {
      readonly entry: 'message';
      readonly call: string;
      readonly shown: ReadonlyArray<ShownEvent>;
      readonly caughtUp: number | null;
    }
  | { readonly entry: 'projected'; readonly call: string; readonly state: Omit<ProjectionState, 'at'> }
  /** A lookup, a head, a subscription or a projection is over. */
  | { readonly entry: 'over'; readonly call: string; readonly awaited: number | null }
  /** The program has ended; `store`: the store with it, so that nothing it was asked can happen any more. */
  | { readonly entry: 'ended'; readonly with: 'store' | 'connection' };

/** An open call, as it grows with the record. */
interface Open {
  readonly call: string;
  readonly process: string;
  readonly invoked: number;
  readonly operation: Operation;
  answer: AppendAnswer;
  shown: ReadonlyArray<ShownEvent>;
  complete: boolean;
  found: ShownEvent | null | undefined;
  position: number | undefined;
  readonly messages: Message[];
  readonly states: ProjectionState[];
  awaited: number | null;
  ended: number | null;
  isOver: boolean;
}

const callOf = (open: Open): Call => {
  const { call, process, invoked, ended, operation } = open;
  const timed = { call, process, invoked, ended };
  switch (operation.kind) {
    case 'append':
      return { ...timed, ...operation, answer: open.answer } satisfies AppendCall;
    case 'read':
      return { ...timed, ...operation, shown: open.shown, complete: open.complete } satisfies ReadCall;
    case 'lookup':
      return { ...timed, ...operation, found: open.found };
    case 'head':
      return { ...timed, ...operation, position: open.position };
    case 'subscription':
      return {
        ...timed,
        ...operation,
        messages: open.messages,
        awaited: open.awaited,
      } satisfies SubscriptionCall;
    case 'projection':
      return { ...timed, ...operation, states: open.states, awaited: open.awaited } satisfies ProjectionCall;
  }
};

const take = (open: Open, entry: Exclude<Entry, { readonly entry: 'invoked' | 'ended' }>, at: number): void => {
  switch (entry.entry) {
    case 'message':
      open.messages.push({ at, shown: entry.shown, caughtUp: entry.caughtUp });
      return;
    case 'projected':
      open.states.push({ at, ...entry.state });
      return;
    case 'appended':
      open.answer = entry.answer;
      break;
    case 'read':
      open.shown = entry.shown;
      open.complete = entry.complete;
      break;
    case 'found':
      open.found = entry.found;
      break;
    case 'headIs':
      open.position = entry.position;
      break;
    case 'over':
      open.awaited = entry.awaited;
      break;
  }
  open.isOver = true;
  // What is not known to have been refused may still be on its way to the store.
  open.ended = entry.entry === 'appended' && entry.answer.kind === 'unknown' ? null : at;
};

/** The calls of a record, in the order in which they were invoked. Calls without an answer have the answer "unknown". */
export const historyOf = (entries: ReadonlyArray<Entry>): History => {
  const all: Open[] = [];
  const byCall = new Map<string, Open>();
  let open = new Set<Open>();
  for (const [at, entry] of entries.entries()) {
    if (entry.entry === 'invoked') {
      const { call, process, operation } = entry;
      const started: Open = {
        call,
        process,
        invoked: at,
        operation,
        answer: { kind: 'unknown', message: 'never answered' },
        shown: [],
        complete: false,
        found: undefined,
        position: undefined,
        messages: [],
        states: [],
        awaited: null,
        ended: null,
        isOver: false,
      };
      all.push(started);
      byCall.set(call, started);
      open.add(started);
    } else if (entry.entry === 'ended') {
      const store = entry.with === 'store';
      // An append to a server that nobody waits for any more may still be on its way.
      for (const each of open) if (store || each.operation.kind !== 'append') each.ended = at;
      open = new Set();
    } else {
      const found = byCall.get(entry.call);
      if (found === undefined) throw new Error(`Entry ${at} answers ${entry.call}, which nobody has invoked`);
      take(found, entry, at);
      if (found.isOver) open.delete(found);
    }
  }
  return all.map(callOf);
};

/** Hands entries on as they happen; numbers the calls of one run of a program. */
export class Recorder {
  #calls = 0;

  /** @param run tells the calls of several programs in one record apart */
  constructor(
    readonly run: string,
    readonly write: (entry: Entry) => void,
  ) {}

  invoke(process: string, operation: Operation): string {
    const call = `${this.run}.${(this.#calls += 1)}`;
    this.write({ entry: 'invoked', call, process: `${this.run}/${process}`, operation });
    return call;
  }
}

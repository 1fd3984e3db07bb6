/** What happens at a fault point: at which time it is passed, and then what. */
export interface FaultPlan {
  /** The words of the mark. */
  readonly at: string;
  /** 1: the first time that this process passes it. */
  readonly hit: number;
  /**
   * `kill`: the process ends at once, as by `kill -9`. `delay`: it stands still, as on a slow disk, each time
   * from then on. `fail`: the call there throws once, as SQLite does when the disk cannot be written.
   */
  readonly action: 'kill' | 'delay' | 'fail';
  /** Only passings count before which the process has passed this mark, since the last one that counted. */
  readonly provided?: string;
  /** For `delay`. */
  readonly milliseconds?: number;
}

declare global {
  // Only programs that take a plan have it; the marks of the test build ask for it.
  var afectoFaultPoint: ((name: string) => void) | undefined;
}

/** Keeps the event loop, as a write to a slow disk does. */
export const standStill = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Extended result code of SQLite: a write failed. */
const IOERR_WRITE = 778;

const act = ({ action, milliseconds = 0, at }: FaultPlan): void => {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'delay':
      standStill(milliseconds);
      return;
    case 'fail':
      throw Object.assign(new Error(`disk I/O error (${at})`), { errcode: IOERR_WRITE });
  }
};

/** From now on the marks that this process passes do what the plan says. Needs the build with fault points. */
export const takePlan = (plan: ReadonlyArray<FaultPlan>): void => {
  const states = plan.map((fault) => ({ fault, times: 0, isProvided: false }));
  globalThis.afectoFaultPoint = (name) => {
    for (const state of states) {
      const { fault } = state;
      if (fault.provided === name) state.isProvided = true;
      if (fault.at !== name || (fault.provided !== undefined && !state.isProvided)) continue;
      state.isProvided = false;
      state.times += 1;
      if (fault.action === 'delay' ? state.times >= fault.hit : state.times === fault.hit) act(fault);
    }
  };
};

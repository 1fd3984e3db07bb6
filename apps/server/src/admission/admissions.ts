import { Injectable } from '@nestjs/common';
import { type Problem, problemOf, ProblemException } from '../problem/problem';
import { Admission, type Ticket } from './admission';
import type { Limits } from './limits';

export type AdmissionName = 'facts' | 'commands' | 'reads' | 'waits' | 'streams';

/** An answer of 429. */
export interface Refusal {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

const WHAT: Readonly<Record<AdmissionName, string>> = {
  facts: 'as many facts as fit are waiting for the log',
  commands: 'as many commands as fit are waiting to be decided',
  reads: 'as many questions as fit are being answered',
  waits: 'as many questions as fit are waiting for their minPosition',
  streams: 'as many event streams as fit are open',
};

/** Everything that is bounded, each by itself: a flood of one kind leaves room for the others. */
@Injectable()
export class Admissions {
  readonly of: Readonly<Record<AdmissionName, Admission>>;

  constructor(readonly limits: Limits) {
    const { facts, commands, reads, waits, streams } = limits;
    this.of = {
      facts: new Admission(facts),
      commands: new Admission(commands),
      reads: new Admission(reads),
      waits: new Admission({ requests: waits, facts: 0, bytes: 0 }),
      streams: new Admission({ requests: streams, facts: 0, bytes: 0 }),
    };
  }

  /** A place for one; throws 429 when there is none. */
  place(name: 'waits' | 'streams'): Ticket {
    const ticket = this.of[name].enter({ requests: 1, facts: 0, bytes: 0 });
    if (ticket === null) throw this.refusalToThrow(name);
    return ticket;
  }

  /** 429 (RFC 6585 §4) with `Retry-After` in seconds; nothing of the call was taken. */
  refusal(name: AdmissionName): Refusal {
    const seconds = this.of[name].retryAfter.toString();
    const detail = `${WHAT[name]}; nothing of the call was taken: send the same call again after ${seconds} s`;
    return { problem: problemOf('TooManyRequests', detail), headers: { 'Retry-After': seconds } };
  }

  /** The same to be thrown; its stack costs ten times the rest. */
  refusalToThrow(name: AdmissionName): ProblemException {
    const { problem, headers } = this.refusal(name);
    return new ProblemException('TooManyRequests', problem.detail, { headers });
  }
}

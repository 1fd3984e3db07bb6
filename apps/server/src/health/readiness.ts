import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { AFECTO } from '../request/afecto';

/** Whoever asks for readiness asks again soon: a store on a server has this long to answer, in milliseconds. */
const ANSWER_MS = 1_500;

/** Whether requests should be sent here. */
@Injectable()
export class Readiness {
  private closing = false;

  constructor(@Inject(AFECTO) private readonly afecto: Afecto) {}

  /** From now on no new request is taken. */
  close(): void {
    this.closing = true;
  }

  get isClosing(): boolean {
    return this.closing;
  }

  /** What stands in the way; null when nothing does. */
  async obstacle(): Promise<string | null> {
    const { store, projections } = this.afecto;
    if (this.closing) return 'the service is shutting down';
    const answered = await Promise.race([
      store.head().then(
        () => null,
        () => 'the event store cannot be read',
      ),
      pause(ANSWER_MS, 'the event store does not answer', { ref: false }),
    ]);
    if (answered !== null) return answered;
    return projections.caughtUp() ? null : 'the projections have not caught up yet';
  }
}

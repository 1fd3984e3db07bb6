import { Inject, Injectable } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { AFECTO } from '../request/afecto';

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
    try {
      await store.head();
    } catch {
      return 'the event store is closed';
    }
    return projections.caughtUp() ? null : 'the projections have not caught up yet';
  }
}

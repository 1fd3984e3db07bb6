import { Inject, Injectable } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { type Instant, toIso } from '@afecto/domain';
import { Admissions } from '../admission/admissions';
import { notYetEvaluated, notYetProjected } from '../problem/refusals';
import type { CompleteSettings } from '../settings/server-settings';

/** Injection tokens of what the server is started with. */
export const AFECTO = Symbol('Afecto');
export const SETTINGS = Symbol('CompleteSettings');

/** What every answer carries (`interfaces.md`, Queries). */
export interface Stamp {
  readonly asOf: string;
  /** Everything up to this position is in the answer. */
  readonly position: string;
}

/** Read-your-writes: holds a question back until the projections have reached what the caller has seen. */
@Injectable()
export class ReadPoint {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
    @Inject(Admissions) private readonly admissions: Admissions,
  ) {}

  /** The position that the answer will contain at least; 503 when `minPosition` is not reached in time, 429 when too many wait. */
  async reached(minPosition: bigint | undefined): Promise<string> {
    const { projections } = this.afecto;
    if (minPosition !== undefined && minPosition > projections.position()) {
      const { waitMs } = this.settings;
      const place = this.admissions.place('waits');
      try {
        if (!(await projections.waitFor(minPosition, waitMs))) throw notYetProjected(minPosition, waitMs);
      } finally {
        place.leave();
      }
    }
    return projections.position().toString();
  }

  /**
   * Position and instant of an answer about all customers: of the clock's now, or of the instant before a change
   * that time has made and that is still being evaluated. 503 when that was asked by its `asOf`.
   */
  async everybody({ asOf, minPosition }: { readonly asOf?: Instant; readonly minPosition?: bigint }): Promise<Stamp> {
    const { answers, projections } = this.afecto;
    const { now, waitMs } = this.settings;
    const position = await this.reached(minPosition);
    if (asOf === undefined) {
      const whole = await projections.evaluatedTo(Math.max(now(), projections.engine.at.horizon));
      return { asOf: toIso(whole), position };
    }
    if (!answers.isFolded(asOf) && (await projections.evaluatedTo(asOf, waitMs)) < asOf)
      throw notYetEvaluated(asOf, waitMs);
    return { asOf: toIso(asOf), position };
  }

  /** Position and instant of an answer about `asOf`, by default the clock's now. */
  async stamp({ asOf, minPosition }: { readonly asOf?: Instant; readonly minPosition?: bigint }): Promise<Stamp> {
    const position = await this.reached(minPosition);
    return { asOf: toIso(asOf ?? this.settings.now()), position };
  }
}

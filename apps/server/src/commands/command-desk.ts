import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { CommandCall } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { Metrics } from '../metrics/metrics';
import { type Places, refused } from '../problem/refusals';
import { ExecuteCommand } from './execute-command';

/** Sends a command over the bus and turns its outcome into an answer or a problem. */
@Injectable()
export class CommandDesk {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  async send(call: CommandCall, places: Places = {}) {
    const result = await this.bus.execute(new ExecuteCommand(call));
    if (E.isLeft(result)) {
      const { code } = result.left;
      // A name of the caller's invention must not become a label.
      this.metrics.commandDone(code === 'UnknownCommand' ? 'unknown' : call.name, code);
      throw refused(result.left, places);
    }
    this.metrics.commandDone(call.name, 'accepted');
    const { events, position } = result.right;
    return {
      events: events.map((event) => ({ ...event, position: event.position.toString() })),
      position: position.toString(),
    };
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Afecto, CommandCall, CommandFailure, CommandOutcome } from '@afecto/application';
import { domainError, type Instant, pointer } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { AN_INSTANT, readInstant } from '../request/instant';
import { AFECTO } from '../request/afecto';

export type CommandResult = E.Either<CommandFailure, CommandOutcome>;

/** An intention on its way to the application layer. */
export class ExecuteCommand extends Command<CommandResult> {
  constructor(readonly call: CommandCall) {
    super();
  }
}

/** The caller says only `asOf`: the numbers of a review are composed by the system (`domain.md §1`, Cross-customer numbers). */
const reviewInstant = (body: unknown): E.Either<CommandFailure, Instant | undefined> => {
  const refuse = (path: string, message: string) =>
    E.left(
      domainError('ValidationFailed', `${path || '/'} ${message}`, { path, details: { errors: [{ path, message }] } }),
    );
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse('', 'must be an object');
  const unknown = Object.keys(body).find((key) => key !== 'asOf');
  if (unknown !== undefined) return refuse(pointer([unknown]), 'is an unknown field; allowed are asOf');
  if (!('asOf' in body)) return E.right(undefined);
  const asOf = typeof body.asOf === 'string' ? readInstant(body.asOf) : null;
  return asOf === null ? refuse('/asOf', `must be ${AN_INSTANT}`) : E.right(asOf);
};

@CommandHandler(ExecuteCommand)
export class ExecuteCommandHandler implements ICommandHandler<ExecuteCommand> {
  constructor(@Inject(AFECTO) private readonly afecto: Afecto) {}

  async execute({ call }: ExecuteCommand): Promise<CommandResult> {
    if (call.name !== 'ReviewPortfolio') return this.afecto.commands.execute(call);
    const asOf = reviewInstant(call.body);
    if (E.isLeft(asOf)) return asOf;
    const { name: _review, body: _asOf, ...header } = call;
    return this.afecto.reviewPortfolio({ ...header, ...(asOf.right === undefined ? {} : { asOf: asOf.right }) });
  }
}

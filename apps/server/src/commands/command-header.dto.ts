import {
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateIf,
  type ValidationError,
  validateSync,
} from 'class-validator';
import { invalidRequest, quoted } from '../problem/problem';
import { AN_INSTANT, readInstant } from '../request/instant';

const IsInstantText = (): PropertyDecorator => (target, propertyName) =>
  registerDecorator({
    name: 'isInstantText',
    target: target.constructor,
    propertyName: String(propertyName),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && readInstant(value) !== null,
      defaultMessage: () => `must be ${AN_INSTANT}`,
    },
  });

/** Unlike `IsOptional`, which lets null through. */
const MayBeAbsent = (): PropertyDecorator => ValidateIf((_header, value) => value !== undefined);

const A_KEY = 'must be 1..128 printable ASCII characters';
const A_REVISION = 'must be the revision of the last event: a whole number from 0';

/**
 * What goes with every command beside its own fields (`domain.md §15`): from the headers
 * `Idempotency-Key` and `If-Match`, or from the body as `commandId`, `expectedVersion`, `occurredAt`.
 */
export class CommandHeaderDto {
  @IsString({ message: A_KEY })
  @Matches(/^[\x20-\x7e]{1,128}$/, { message: A_KEY })
  commandId!: string;

  @MayBeAbsent()
  @IsInt({ message: A_REVISION })
  @Min(0, { message: A_REVISION })
  @Max(Number.MAX_SAFE_INTEGER, { message: A_REVISION })
  expectedVersion?: number;

  @MayBeAbsent()
  @IsInstantText()
  occurredAt?: string;
}

/** Where each field came from, for the path of an error. */
export type Origins = Readonly<Record<keyof CommandHeaderDto, string>>;

const shown = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : String(JSON.stringify(value)).slice(0, 100);

/** 400 with every field that is wrong. */
export const checkHeader = (header: CommandHeaderDto, origins: Origins): void => {
  const failed: ReadonlyArray<ValidationError> = validateSync(header, { forbidUnknownValues: true });
  if (failed.length === 0) return;
  throw invalidRequest(
    failed.map(({ property, value, constraints }) => ({
      path: Object.entries(origins).find(([field]) => field === property)?.[1] ?? `/${property}`,
      message: `${Object.values(constraints ?? {})[0] ?? 'is wrong'}; got ${shown(value)}`,
    })),
  );
};

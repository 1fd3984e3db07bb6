import { parse, v5 } from 'uuid';
import { Codec, isId, isReference } from './codec';
import type { ActorKind } from './envelope';
import * as t from 'io-ts';

/** Who can act (`domain.md §1`, event envelope). */
export const actorKinds = ['agent', 'customer', 'system', 'integration'] as const satisfies ReadonlyArray<ActorKind>;

/** Values of CloudEvents extension attributes that we only carry through. */
export type ExtensionValue = string | number | boolean;
export type Extensions = Readonly<Record<string, ExtensionValue>>;

const MAX_EXTENSION = 2_000;

export const isExtensionValue = (value: unknown): value is ExtensionValue =>
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= MAX_EXTENSION && value.isWellFormed());

/** A scalar; strings up to 2 000 characters. */
export const extensionValue: Codec<ExtensionValue> = new Codec(
  `a boolean, a number or a string of at most ${MAX_EXTENSION} characters`,
  isExtensionValue,
  (value, context) => (isExtensionValue(value) ? t.success(value) : t.failure(value, context)),
  { kind: 'string', mayBeBlank: true, min: 0, max: MAX_EXTENSION },
);

/** Namespace of our event ids; never changes, or every fact sent again would count as new. */
export const EVENT_NAMESPACE = '6f0c1a52-8f7e-5b0e-9d63-2b8f5a1c7e44';
/** Its bytes: reading them from the text costs as much as half of the hash. */
const namespace = parse(EVENT_NAMESPACE);

/**
 * The event id of a fact: UUID version 5 of its source and its id there, so that the same fact sent
 * again is recognised for ever (`interfaces.md`, Facts in).
 */
export const eventIdOf = (source: string, id: string): string => v5(JSON.stringify([source, id]), namespace);

const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The event id of the fact that another one is about. It is told as such, or as the id that the fact has at the same
 * source: a sender knows its own facts by no other (`domain.md §1`, the envelope's id is that of CloudEvents).
 */
export const eventReferredTo = (source: string, told: string): string =>
  EVENT_ID.test(told) ? told : eventIdOf(source, told);

/** URI-reference as far as we need it: 1..256 printable characters without spaces. */
export const isSource = (value: string): boolean => isReference(value) && !/\s/.test(value);

const STREAM_ID = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}$/;
/** Streams of what the system says itself: notifications, checkpoints, the name of its key store. */
const OWN_STREAM = /^(derived|afecto)-/;
/** A stream that a sender may name; `$` is kept for streams of the store itself. */
export const isStreamId = (value: string): boolean => STREAM_ID.test(value) && !OWN_STREAM.test(value);

/** The sender's id where an id of ours is needed: itself when it has that form, else the event id. */
export const idFrom = (id: string, eventId: string): string => (isId(id) ? id : eventId);

import * as E from 'fp-ts/Either';
import { upcastOrderPlacedFrom1 } from '../order/upcasting';
import { catalogueEntry, type FactType } from './catalogue';
import type { FieldError } from './decode';
import { isRecord, type JsonRecord } from './structure';

/**
 * Turns a payload of one schema version into the next. Total: it may see malformed payloads, because
 * it runs before the codec, and then leaves to the codec what is wrong with them.
 */
export type Upcaster = (data: JsonRecord) => JsonRecord;
/** The upcaster from version n stands under n. */
export type UpcasterChain = Readonly<Record<number, Upcaster>>;

/** Old schema versions are upgraded at the edge; the core knows only the current shape. */
const chains: { readonly [T in FactType]?: UpcasterChain } = {
  OrderPlaced: { 1: upcastOrderPlacedFrom1 },
};

/** The chain of a type; empty for a type that has had only one version. */
export const upcastersOf = (type: FactType): UpcasterChain => chains[type] ?? {};

/** Applies the steps `from` → `from + 1` → … → `to`; null when a step is not there. */
export const applyChain = (chain: UpcasterChain, from: number, to: number, data: JsonRecord): JsonRecord | null => {
  let current = data;
  for (let version = from; version < to; version += 1) {
    const step = chain[version];
    if (!step) return null;
    current = step(current);
  }
  return current;
};

/** The payload in the current schema version, or why that version is not known. The path is `/schemaversion`. */
export const upcast = (type: FactType, version: number, data: unknown): E.Either<FieldError, unknown> => {
  const current = catalogueEntry(type).schemaVersion;
  const unknownVersion = E.left({
    path: '/schemaversion',
    message: `version ${version} of ${type} is not known; allowed are 1..${current}`,
  });
  if (!Number.isInteger(version) || version < 1 || version > current) return unknownVersion;
  if (version === current || !isRecord(data)) return E.right(data);
  const upgraded = applyChain(upcastersOf(type), version, current, data);
  return upgraded ? E.right(upgraded) : unknownVersion;
};

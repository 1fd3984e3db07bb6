import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { After, CustomerFold } from '@afecto/domain';
import type { Tally } from '@afecto/read-models';

/** A customer as it was committed and announced last. */
export interface Told {
  readonly after: After;
  readonly tally: Tally;
  readonly takenBack: ReadonlyArray<string>;
}

/** A customer as the engine remembers it. */
export interface RememberedFold {
  readonly fold: CustomerFold;
  /** As it was committed and announced last; null when that is in the read models only. */
  told: Told | null;
}

/** The same in about a sixth of the memory. What all customers share is not in it, but beside it. */
export interface PackedFold {
  readonly bytes: Uint8Array;
  readonly configuration: CustomerFold['evidence']['configuration'];
  readonly keys: Tally['keys'] | null;
}

type Unshared<T, K extends keyof T> = Omit<T, K> & Record<K, null>;

interface Packed {
  readonly fold: Omit<CustomerFold, 'evidence'> & {
    readonly evidence: Unshared<CustomerFold['evidence'], 'configuration'>;
  };
  readonly told: (Omit<Told, 'tally'> & { readonly tally: Unshared<Tally, 'keys'> }) | null;
}

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Structured clone keeps which objects are one and the same: decided items and sections of a tally are compared so. */
export const packed = ({ fold, told }: RememberedFold): PackedFold => {
  const { configuration } = fold.evidence;
  const keys = told?.tally.keys ?? null;
  const own: Packed = {
    fold: { ...fold, evidence: { ...fold.evidence, configuration: null } },
    told: told && { ...told, tally: { ...told.tally, keys: null } },
  };
  // A copy: what is compressed lies in a chunk of 16 KiB that it would hold on to.
  return { bytes: new Uint8Array(zstdCompressSync(serialize(own), FAST)), configuration, keys };
};

export const unpacked = ({ bytes, configuration, keys }: PackedFold): RememberedFold => {
  const { fold, told }: Packed = deserialize(zstdDecompressSync(bytes));
  return {
    fold: { ...fold, evidence: { ...fold.evidence, configuration } },
    told: told && { ...told, tally: { ...told.tally, keys: keys ?? [] } },
  };
};

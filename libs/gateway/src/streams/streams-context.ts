import type { Access } from '../access/access';
import type { WireLog } from '../log/wire-log';

/** What the calls of the Streams service work with. */
export interface StreamsContext {
  readonly log: WireLog;
  readonly access: Access;
  /** Bytes of data and metadata in one append; default of EventStoreDB: 1 MiB. */
  readonly maxAppendSize: number;
  /** Aborted when the gateway closes. */
  readonly closing: AbortSignal;
}

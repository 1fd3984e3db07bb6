export { BoundedCache } from './bounded-cache';
export * from './port';
export * from './encoded-log';
export { isAt, type PlacedId } from './is-at';
export * from './store-errors';
export { TOMBSTONE_TYPE } from './visible-records';
export * from './store-url';
export { prepareAppend } from './sqlite/prepare-append';
export { openSqliteEventStore, type SqliteEventStoreOptions } from './sqlite/open-sqlite-event-store';
export { verifySqliteEventStore, type VerifiedStore } from './sqlite/verify-sqlite-event-store';
export { type LogScan, type ScannedRecord, scanSqliteLog } from './sqlite/scan-log';
export { type LogRestoration, type RestoreError, restoreSqliteLog } from './sqlite/restore-log';
export type { OpenError } from './sqlite/open-error';
export { measureEventStore, type MeasureOptions } from './bench/measure-event-store';
export {
  openEventStoreDb,
  type EventStoreDbOpenError,
  type EventStoreDbOptions,
} from './eventstoredb/open-event-store-db';
export { type LocalCopyOptions, withLocalCopy } from './local-copy/with-local-copy';
export type { EventStoreDbTimings } from './eventstoredb/timings';
export { StoreUnreachableError } from './eventstoredb/store-unreachable-error';
export type { Capabilities, ConformanceCase, Subject, Verdict } from './conformance/subject';
export { conformanceCases } from './conformance/cases';
export {
  conformanceTable,
  runConformance,
  type ConformanceProgress,
  type ConformanceResult,
} from './conformance/run-conformance';

export * from './port';
export * from './encoded-log';
export * from './store-errors';
export * from './store-url';
export { openSqliteEventStore, type SqliteEventStoreOptions } from './sqlite/open-sqlite-event-store';
export { verifySqliteEventStore, type VerifiedStore } from './sqlite/verify-sqlite-event-store';
export type { OpenError } from './sqlite/open-error';
export { measureEventStore, type MeasureOptions } from './bench/measure-event-store';

import type { DatabaseSync } from 'node:sqlite';
import { createLogFile, openLogFile } from '../sqlite/open-log-file';
import { right } from './measurement';

/** A row ready to bind: everything that the store computes has been computed before the clock runs. */
export type RawRow = readonly [
  position: number,
  stream: number,
  revision: number,
  type: number,
  id: Uint8Array,
  recordedAt: number,
  checksum: number,
  data: string,
  metadata: string,
];

/** The store's own schema and settings, driven by `node:sqlite` alone: the floor to compare with. */
export const openRawLog = (file: string): DatabaseSync => {
  right(createLogFile(file));
  const database = right(openLogFile(file, 'write', 'none'));
  const stream = database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
  const type = database.prepare('INSERT INTO event_types (id, name) VALUES (?, ?)');
  database.exec('BEGIN');
  for (let id = 1; id <= 1_000; id++) stream.run(id, `order-${id - 1}`);
  for (let id = 1; id <= 20; id++) type.run(id, `SampleEvent${id - 1}`);
  database.exec('COMMIT');
  return database;
};

export const INSERT_RAW = 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';

export const openRawLogForReading = (file: string): DatabaseSync => right(openLogFile(file, 'read', 'none'));

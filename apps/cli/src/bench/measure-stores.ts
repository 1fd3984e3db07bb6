import { measureEventStore } from '@afecto/event-store';
import { measureGateway } from '@afecto/gateway';
import type { Figure } from '@afecto/server';
import type { BenchRun } from './bench-run';

/** Each round opens files of its own and takes its runs in either order, ours and the raw one. */
const STORE = { rounds: 5, options: { rounds: 2, runMs: 250, scanned: 50_000 } };
const GATEWAY = { rounds: 3, options: { rounds: 1, runMs: 400, read: 10_000, delivered: 300 } };

/** Appends one by one, 64 at once, and a scan of the log, in this order; raw: `node:sqlite` alone. */
export const measureStore = async ({ signal, say }: BenchRun): Promise<ReadonlyArray<Figure>> => {
  const values: number[][] = [];
  const raws: number[][] = [];
  for (let round = 0; round < STORE.rounds; round += 1) {
    signal.throwIfAborted();
    say(`event store, round ${round + 1}`);
    for (const [index, { value, raw }] of (await measureEventStore(STORE.options)).entries()) {
      (values[index] ??= []).push(value);
      (raws[index] ??= []).push(raw);
    }
  }
  return values.map((rounds, index) => ({ unit: 'events/s', rounds, raw: raws[index] ?? null }));
};

export interface GatewayLine extends Figure {
  readonly what: string;
}

/** The figures of the gateway; raw: what a bare gRPC server and raw commits allow together. */
export const measureProtocol = async ({ signal, say }: BenchRun): Promise<ReadonlyArray<GatewayLine>> => {
  const lines = new Map<string, { unit: string; rounds: number[]; raw: number[]; cpu: number[] }>();
  for (let round = 0; round < GATEWAY.rounds; round += 1) {
    signal.throwIfAborted();
    say(`gateway, round ${round + 1}`);
    for (const { name, unit, value, limit, processorTime } of await measureGateway(GATEWAY.options)) {
      const line = lines.get(name) ?? { unit, rounds: [], raw: [], cpu: [] };
      lines.set(name, line);
      line.rounds.push(value);
      line.cpu.push(processorTime);
      if (limit !== null) line.raw.push(limit);
    }
  }
  return [...lines].map(([what, { unit, rounds, raw, cpu }]) => ({
    what,
    unit,
    rounds,
    raw: raw.length === 0 ? null : raw,
    note: `${Math.round(Math.min(...cpu))} µs of the server's processor`,
  }));
};

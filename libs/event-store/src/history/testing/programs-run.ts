import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendRequest } from '../../port';
import type { DriverTask } from '../programs/driver';
import type { GatewayTask } from '../programs/serve-gateway';
import type { Entry } from '../record';
import type { FaultBuild } from './fault-build';

/** Everything that has been recorded over one log, by whatever programs. */
export type RecordOfLog = Entry[];

/** How a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

const start = (
  build: FaultBuild,
  script: string,
  task: DriverTask | GatewayTask,
  /** Largest file that it may write, in bytes, as the shell's `ulimit -f` sets it; `null`: any. */
  fileBytes: number | null = null,
): RunningProgram => {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', script, JSON.stringify(task)];
  const [program = '', ...args] =
    fileBytes === null
      ? command
      : ['bash', '-c', `ulimit -f ${Math.ceil(fileBytes / 1_024)}; exec "$@"`, 'bash', ...command];
  const child = spawn(program, args, { env: build.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
  return { child, ended };
};

/**
 * Runs a workload in a process of its own; what it writes goes into the record as it comes. `onEntry` is told
 * how many entries this program has written.
 */
export const startDriver = (
  build: FaultBuild,
  task: DriverTask,
  record: RecordOfLog,
  options: { readonly fileBytes?: number | null; readonly onEntry?: (count: number) => void } = {},
): RunningProgram => {
  const running = start(build, build.driver, task, options.fileBytes);
  let count = 0;
  let rest = '';
  // A line without its end was cut off by a kill: it was not said.
  running.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      record.push(JSON.parse(line));
      options.onEntry?.((count += 1));
    }
  });
  return running;
};

export interface RunningGateway extends RunningProgram {
  readonly port: number;
}

/** Starts a gateway over a log file; `null` when it ends before it listens, as a plan may want. */
export const startGatewayProgram = async (build: FaultBuild, task: GatewayTask): Promise<RunningGateway | null> => {
  const running = start(build, build.server, task);
  const { stdout } = running.child;
  if (stdout === null) throw new Error('The gateway has no output');
  for await (const line of createInterface({ input: stdout })) {
    stdout.resume();
    return { ...running, port: Number(line) };
  }
  const { signal, stderr } = await running.ended;
  if (signal === null) throw new Error(`The gateway ended before it listened: ${stderr}`);
  return null;
};

/** Stops a process and lets it go on, as a machine that is short of everything does. */
export const pauseProgram = async ({ child }: RunningProgram, milliseconds: number): Promise<void> => {
  child.kill('SIGSTOP');
  await pause(milliseconds);
  child.kill('SIGCONT');
};

export const killProgram = async ({ child, ended }: RunningProgram): Promise<Ending> => {
  child.kill('SIGKILL');
  return ended;
};

/** Appends whose outcome the record does not tell: a sender has to ask them again. */
export const unresolvedIn = (record: RecordOfLog): ReadonlyArray<AppendRequest> => {
  const open = new Map<string, AppendRequest>();
  const settled = new Set<string>();
  const requests = new Map<string, AppendRequest>();
  const keyOf = (request: AppendRequest): string => request.events.map(({ id }) => id).join();
  for (const entry of record) {
    if (entry.entry === 'invoked' && entry.operation.kind === 'append') {
      const { streamId, expected, events } = entry.operation;
      const request: AppendRequest = {
        streamId,
        expectedRevision: expected,
        events: events.map(({ id, type, content }) => {
          const [data, metadata] = JSON.parse(content);
          return { id, type, data, metadata };
        }),
      };
      requests.set(entry.call, request);
      open.set(keyOf(request), request);
    }
    if (entry.entry !== 'appended' || entry.answer.kind === 'unknown') continue;
    const request = requests.get(entry.call);
    if (request !== undefined) settled.add(keyOf(request));
  }
  return [...open].filter(([key]) => !settled.has(key)).map(([, request]) => request);
};

import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A client on `connections` connections that stay open. */
export const keepAliveClient = (url: string, connections: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = (method: 'GET' | 'POST', path: string, contentType?: string, body?: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const call = request(
        `${url}${path}`,
        {
          method,
          agent,
          headers:
            contentType === undefined ? {} : { 'Content-Type': contentType, 'Content-Length': body?.length ?? 0 },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString(),
              headers: response.headers,
            }),
          );
          response.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, contentType: string, body: Buffer) => send('POST', path, contentType, body),
    close: () => agent.destroy(),
  };
};

export type KeepAliveClient = ReturnType<typeof keepAliveClient>;

/** The value below which `share` of the values lie. */
export const percentile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Starts `step` at an even rate whatever the answers do, so that a slow answer does not hide the wait
 * of those behind it; resolves to the milliseconds from the due start of each to its end.
 */
export const atRate = async (
  aSecond: number,
  seconds: number,
  step: (index: number) => Promise<number | void>,
): Promise<ReadonlyArray<number>> => {
  const total = Math.round(aSecond * seconds);
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const start = performance.now();
  for (let index = 0; index < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * aSecond) + 1);
    for (; index < due; index += 1) {
      const startedAt = start + (index / aSecond) * 1_000;
      running.push(
        step(index).then((measured) => {
          times.push(measured ?? performance.now() - startedAt);
        }),
      );
    }
    await pause(1);
  }
  await Promise.all(running);
  return times;
};

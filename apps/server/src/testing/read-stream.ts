export interface StreamEvent {
  readonly id: string | null;
  readonly data: Record<string, unknown> | null;
  readonly comment: string | null;
}

const parse = (block: string): StreamEvent => {
  const field = (name: string): string | null =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  const data = field('data');
  return { id: field('id'), data: data === null ? null : Object.assign({}, JSON.parse(data)), comment: field('') };
};

/** Reads server-sent events until `enough`; the connection is then broken off. */
export const readStream = async (
  url: string,
  enough: (events: ReadonlyArray<StreamEvent>) => boolean,
  headers: Readonly<Record<string, string>> = {},
): Promise<ReadonlyArray<StreamEvent>> => {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (response.body === null || response.status !== 200) throw new Error(`no stream: ${response.status}`);
  const events: StreamEvent[] = [];
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    events.push(...blocks.map(parse));
    if (enough(events)) break;
  }
  abort.abort();
  return events;
};

export const dataOf = (events: ReadonlyArray<StreamEvent>): ReadonlyArray<Record<string, unknown>> =>
  events.flatMap(({ data }) => (data === null ? [] : [data]));

import type { EventText, StoredEvent } from './port';

const textOf = ({ data, metadata, ...place }: StoredEvent): EventText => ({
  ...place,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
});

/** Events as `readTexts` gives them, from a store that hands them out parsed. */
export async function* eventTexts(
  pages: AsyncIterable<ReadonlyArray<StoredEvent>>,
): AsyncGenerator<ReadonlyArray<EventText>, void, void> {
  for await (const page of pages) yield page.map(textOf);
}

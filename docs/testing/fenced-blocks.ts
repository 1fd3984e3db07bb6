/** A block of code in a document, between two lines of three backticks. */
export interface FencedBlock {
  /** First word after the backticks, e.g. `sh`. */
  readonly language: string;
  /** The rest of that line, e.g. `test`. */
  readonly mark: string;
  readonly text: string;
  /** Line of the opening backticks, from 1. */
  readonly line: number;
}

const FENCED = /^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** All fenced blocks of a document, in order. */
export const fencedBlocksIn = (markdown: string): ReadonlyArray<FencedBlock> =>
  [...markdown.matchAll(FENCED)].map(({ index, 1: language = '', 2: mark = '', 3: text = '' }) => ({
    language,
    mark,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));

/** A file that a document shows whole. */
export interface ShownFile {
  readonly name: string;
  readonly text: string;
}

const FILE_NAME = /^[\w-]+\.\w+$/;

/** Blocks marked with the name of a file, e.g. `ts worker.mts`, are files that the reader writes down. */
export const filesIn = (markdown: string): ReadonlyArray<ShownFile> =>
  fencedBlocksIn(markdown).flatMap(({ mark, text }) => (FILE_NAME.test(mark) ? [{ name: mark, text }] : []));

/** A command that a document gives, and what the document says that it prints. */
export interface Example {
  readonly line: number;
  readonly command: string;
  /** Null: the document shows no answer; the command must succeed all the same. */
  readonly answer: FencedBlock | null;
}

/**
 * Blocks marked `sh test` are commands; a block marked `json answer` or `text answer` right behind one
 * shows its output. Throws when an answer has no command.
 */
export const examplesIn = (markdown: string): ReadonlyArray<Example> => {
  const examples: Example[] = [];
  let command: FencedBlock | null = null;
  for (const block of fencedBlocksIn(markdown)) {
    if (block.mark === 'answer') {
      if (command === null) throw new Error(`the answer in line ${block.line} has no command before it`);
      examples.push({ line: command.line, command: command.text, answer: block });
      command = null;
      continue;
    }
    if (command !== null) examples.push({ line: command.line, command: command.text, answer: null });
    command = block.mark === 'test' ? block : null;
  }
  if (command !== null) examples.push({ line: command.line, command: command.text, answer: null });
  return examples;
};

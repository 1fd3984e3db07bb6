import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { progressLine } from '../terminal/progress';
import { groups, lineNames } from './groups';
import { asJson, asMarkdown, asText } from './present';
import { runBench } from './run-bench';

interface BenchArguments {
  readonly only?: ReadonlyArray<string>;
  readonly facts?: number;
  readonly parties?: number;
  readonly json: string;
  readonly markdown?: boolean;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
};

const main = async (): Promise<void> => {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);

  const program = new Command('bench')
    .description('measures the hot paths, each beside the raw limit of the machine')
    .addOption(new Option('--only <name...>', 'only these lines').choices(lineNames))
    .option('--facts <n>', 'size of the history that is rebuilt or whose days pass, in facts', wholeNumber)
    .option('--parties <n>', 'and in parties', wholeNumber)
    .option('--json <file>', 'where every round is written', join(tmpdir(), 'afecto-bench.json'))
    .option('--markdown', 'the table as Markdown')
    .parse();
  const { only = [], facts = null, parties = null, json, markdown = false } = program.opts<BenchArguments>();

  const progress = progressLine('bench', true);
  const result = await runBench(groups, {
    only: new Set(only),
    facts,
    parties,
    signal: interruption.signal,
    onProgress: (done, total, note) => progress.update(done, total, note),
  });
  progress.end();
  process.stdout.write(`${markdown ? asMarkdown(result) : asText(result)}\n`);
  writeFileSync(json, asJson(result, new Date()));
  process.stderr.write(`every round: ${json}\n`);
  process.exitCode = interruption.signal.aborted ? 130 : result.failed.length > 0 ? 1 : 0;
  // A process of a load that was given up may still be closing connections.
  if (interruption.signal.aborted) process.exit();
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});

import { Command, Option } from 'commander';
import * as E from 'fp-ts/Either';
import { showExplanation, showProfile, showQueues, showZones } from './commands/ask';
import { demo } from './commands/demo';
import { exportLog } from './commands/export';
import { importFile } from './commands/import';
import { failed, type Outcome } from './commands/outcome';
import { rebuildReadModels } from './commands/rebuild';
import { replay } from './commands/replay';
import { reviewPortfolio } from './commands/review';
import { verify } from './commands/verify';
import { type Format, formats } from './import';
import { type CommandSettings, type GlobalOptions, settingsOf } from './settings';

const interruption = new AbortController();

const run = async (options: GlobalOptions, command: (settings: CommandSettings) => Promise<Outcome>): Promise<void> => {
  const settings = settingsOf(options);
  const outcome = E.isLeft(settings) ? failed(settings.left) : await command(settings.right);
  if (outcome.text !== '') (outcome.exitCode === 2 ? process.stderr : process.stdout).write(`${outcome.text}\n`);
  process.exitCode = outcome.exitCode;
};

const program = new Command('afecto')
  .description('Customer facts in; the 360° profile, the loyalty zone and the QCi queues out.')
  .option('--store <url>', 'the event store, e.g. sqlite:./data/afecto.db (AFECTO_EVENT_STORE)')
  .option('--read-models <file>', 'the read-model file (AFECTO_READ_MODELS)')
  .option('--clock <instant>', 'fix the clock, e.g. 2026-01-31T09:30:00Z (AFECTO_CLOCK)')
  .option('--as-of <instant>', 'what had happened by then')
  .option('--known-at <instant>', 'what we had been told by then')
  .option('--json', 'for machines')
  .showHelpAfterError();

const options = (): GlobalOptions => program.opts<GlobalOptions>();
const { signal } = interruption;

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`must be a whole number from 1; got "${text}"`);
  return value;
};

program
  .command('import [file]')
  .description('take facts in from a file or - (standard input), then project them')
  .addOption(new Option('--format <format>').choices(formats).default('ndjson'))
  .option('--reporting-currency <code>', 'currency of the reports, e.g. EUR; default the currency of the file')
  .option('--exchange-rate <rate>', 'reporting currency for one unit of the currency of the file', Number)
  .action((file: string | undefined, own: { format: Format; reportingCurrency?: string; exchangeRate?: number }) =>
    run(options(), (settings) => importFile(settings, { ...own, signal, ...(file === undefined ? {} : { file }) })),
  );

program
  .command('profile <party>')
  .description('the 360° profile of a customer')
  .action((party: string) => run(options(), showProfile(party)));

program
  .command('explain <party>')
  .description('why the customer is in its zone, and what would change it')
  .action((party: string) => run(options(), showExplanation(party)));

program
  .command('zones')
  .description('how many customers are in each zone')
  .action(() => run(options(), showZones));

program
  .command('queues [activity]')
  .description('the eight queues, or the head of one')
  .option('--limit <n>', 'items shown', wholeNumber, 20)
  .action((activity: string | undefined, { limit }: { limit: number }) => run(options(), showQueues(activity, limit)));

program
  .command('review')
  .description('review the portfolio: quintiles, tiers and heavy users, frozen for all customers')
  .action(() => run(options(), reviewPortfolio));

program
  .command('replay')
  .description('fold the history again, in memory, up to a position or an instant (--as-of)')
  .option('--until <position>', 'last position of the log', BigInt)
  .action(({ until }: { until?: bigint }) =>
    run(options(), (settings) => replay(settings, { signal, ...(until === undefined ? {} : { until }) })),
  );

program
  .command('rebuild')
  .description('build the read models anew beside the live ones, compare, and switch')
  .action(() => run(options(), (settings) => rebuildReadModels(settings, signal)));

program
  .command('verify')
  .description('check the log, every fact in it, and the read models against a replay')
  .action(() => run(options(), (settings) => verify(settings, signal)));

program
  .command('export [file]')
  .description('write all facts as NDJSON of CloudEvents, to standard output or a file')
  .action((file: string | undefined) =>
    run(options(), (settings) => exportLog(settings, { signal, ...(file === undefined ? {} : { file }) })),
  );

program
  .command('demo')
  .description('import real orders, add simulated touchpoints, show what comes out, and serve it')
  .option('--no-serve', 'end after the show')
  .action(({ serve }: { serve: boolean }) => run(options(), (settings) => demo(settings, { serve, signal })));

process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
});

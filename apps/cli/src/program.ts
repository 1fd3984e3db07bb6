import { Command, Option } from 'commander';
import { YEAR_AHEAD } from '@afecto/analytics';
import { EXPORT_FORMAT } from '@afecto/audit';
import * as E from 'fp-ts/Either';
import { analyse } from './commands/analyse';
import { showProfile, showQueues, showZones } from './commands/ask';
import { calibrate } from './commands/calibrate';
import { checkpoint, showPublicKey } from './commands/checkpoint';
import { copyLog } from './commands/copy';
import { explainDeadLetters, listDeadLetters, replayDeadLetters } from './commands/dead-letters';
import { demo } from './commands/demo';
import { type Days, showFigures, showReport, showView } from './commands/figures';
import { diff, type DiffOptions } from './commands/diff';
import { showExplanation, showFields, showProvenance } from './commands/explain';
import { exportLog } from './commands/export';
import { exportKept } from './commands/export-log';
import { exportParquet } from './commands/export-parquet';
import { importFile } from './commands/import';
import { showMoments } from './commands/moments';
import { failed, json, type Outcome } from './commands/outcome';
import { whyKept } from './commands/own-files';
import { erasePersonalData, type EraseOptions } from './commands/privacy-erase';
import { expirePersonalData, listExpired } from './commands/privacy-expire';
import { exportParty } from './commands/privacy-export';
import { rotateMasterKey } from './commands/privacy-keys';
import { onRecord } from './commands/privacy-record';
import { verifyErasure } from './commands/privacy-verify';
import { proof } from './commands/proof';
import { projectionNames, rebuildReadModels } from './commands/rebuild';
import { replay } from './commands/replay';
import { isExportFolder, restoreExport } from './commands/restore-export';
import { reviewPortfolio } from './commands/review';
import { simulate, type SimulateOptions } from './commands/simulate';
import { verify } from './commands/verify';
import { type Format, formats } from './import';
import { instantNotTaken } from './instants-taken';
import { MAX_DAYS, MAX_WEEKS, notNegative, position, positive, upTo, wholeNumber } from './numbers-given';
import { type CommandSettings, type GlobalOptions, settingsOf } from './settings';
import { visible } from './terminal/visible';

interface ExportOfCommandLine {
  readonly log?: string;
  readonly party?: string;
  readonly format: 'ndjson' | 'parquet';
}

interface ImportOfCommandLine {
  readonly format: Format | typeof EXPORT_FORMAT;
  readonly reportingCurrency?: string;
  readonly exchangeRate?: number;
}

/** How a command is run. */
interface Manner {
  /** The file that it puts in the place of one that is there; never of one of ours, or of a database. */
  readonly writesTo?: string | undefined;
}

const print = ({ text, error, exitCode, isWritten }: Outcome, asJson: boolean): void => {
  // Before anything is written: who reads it may have gone, and then this is what is left to say.
  process.exitCode = exitCode;
  if (error !== undefined && asJson && text === '' && isWritten === undefined)
    process.stdout.write(`${json({ error })}\n`);
  else {
    if (text !== '') process.stdout.write(`${visible(text)}\n`);
    if (error !== undefined) process.stderr.write(`${visible(error)}\n`);
  }
  // Files are whole by now; what a demonstration has under way in its lost folder is not waited for.
  if (exitCode === 130) process.exit();
};

/** Nothing personal is printed that is not on record. */
const recorded = async (outcome: Outcome, words: string, settings: CommandSettings): Promise<Outcome> => {
  if (outcome.shows === undefined) return outcome;
  const unwritten = await onRecord(`afecto ${words}`, outcome.shows, settings);
  return unwritten === null ? outcome : failed(unwritten);
};

/** The words by which a command is called, without the program's own name. */
export const wordsOf = (command: Command): string =>
  command.parent === null ? '' : `${wordsOf(command.parent)} ${command.name()}`.trim();

/** The command line. `signal`: the person wants it to end; every command leaves its files whole. */
export const afecto = (signal: AbortSignal): Command => {
  const program = new Command('afecto')
    .description('Customer facts in; the 360° profile, the loyalty zone and the QCi queues out.')
    .option('--store <url>', 'the event store (AFECTO_EVENT_STORE; default sqlite:./data/afecto.db)')
    .option('--read-models <file>', 'the read-model file (AFECTO_READ_MODELS; default beside the store)')
    .option('--clock <instant>', 'fix the clock, e.g. 2026-01-31T09:30:00Z (AFECTO_CLOCK)')
    .option('--as-of <instant>', 'what had happened by then')
    .option('--known-at <instant>', 'what we had been told by then')
    .option('--json', 'for machines')
    .option('--reason <text>', 'what personal data are read for; goes on record with who read them')
    .exitOverride()
    .showHelpAfterError('(afecto --help lists the commands and their options)');

  /** Its words, as `privacy export`. */
  let asked = '';
  program.hook('preAction', (_, command) => {
    asked = wordsOf(command);
  });

  const outcomeOf = async (
    settings: CommandSettings,
    command: (settings: CommandSettings) => Promise<Outcome>,
    { writesTo }: Manner,
  ): Promise<Outcome> => {
    const notTaken = instantNotTaken(asked, settings);
    if (notTaken !== null) return failed(notTaken);
    const kept = writesTo === undefined ? null : whyKept(writesTo, settings);
    return kept === null ? recorded(await command(settings), asked, settings) : failed(kept);
  };

  const run = async (command: (settings: CommandSettings) => Promise<Outcome>, manner: Manner = {}): Promise<void> => {
    const options = program.opts<GlobalOptions>();
    const settings = settingsOf(options);
    const outcome = E.isLeft(settings) ? failed(settings.left) : await outcomeOf(settings.right, command, manner);
    print(outcome, options.json === true);
  };

  program
    .command('import')
    .argument(
      '[file]',
      'the file, - for standard input; Superstore comes along and needs none; or the folder of an export',
    )
    .description('take facts in, then project them; the same again changes nothing. Or make a log from its export')
    .addOption(new Option('--format <format>').choices([...formats, EXPORT_FORMAT]).default('ndjson'))
    .option('--reporting-currency <code>', 'currency of the reports, e.g. EUR; default the currency of the file')
    .option('--exchange-rate <rate>', 'reporting currency for one unit of the currency of the file', positive)
    .action((file: string | undefined, { format, ...own }: ImportOfCommandLine) =>
      run((settings) =>
        format === EXPORT_FORMAT || (file !== undefined && isExportFolder(file))
          ? restoreExport(settings, { folder: file ?? '.', signal })
          : importFile(settings, { ...own, format, signal, ...(file === undefined ? {} : { file }) }),
      ),
    );
  program
    .command('profile <party>')
    .description('the 360° profile of a customer')
    .action((party: string) => run(showProfile(party, signal)));
  program
    .command('explain <party> [field]')
    .description(
      'why the customer is in its zone, and what would change it; or where a field of its profile comes from',
    )
    .option('--fields', 'every field of the profile, with its last change')
    .action((party: string, field: string | undefined, { fields }: { fields?: boolean }) =>
      run(
        fields === true
          ? showFields(party, field, signal)
          : field === undefined
            ? showExplanation(party, signal)
            : showProvenance(party, field, signal),
      ),
    );
  program
    .command('zones')
    .description('how many customers are in each zone')
    .action(() => run(showZones(signal)));
  program
    .command('queues [activity]')
    .description('the eight queues, or the head of one')
    .option('--limit <n>', 'items shown', wholeNumber, 20)
    .action((activity: string | undefined, { limit }: { limit: number }) => run(showQueues(activity, limit, signal)));
  program
    .command('figures [name]')
    .description('what the projections know of all customers, over a window of days; without a name, which there are')
    .option('--from <day>', 'first day of the window, e.g. 2026-01-31; default 365 days up to its last')
    .option('--to <day>', 'last day of the window; default today')
    .action((name: string | undefined, days: Days) => run(showFigures(name, days, signal)));
  program
    .command('report [model]')
    .description('a framework (IDIC, QCi, Payne, …), each step with the figures that fulfil it; without a name, which')
    .option('--from <day>', 'first day of the window; default 365 days up to its last')
    .option('--to <day>', 'last day of the window; default today')
    .action((model: string | undefined, days: Days) => run(showReport(model, days, signal)));
  program
    .command('view <party> [name]')
    .description('one side of a customer beside its profile; without a name, which there are')
    .action((party: string, name: string | undefined) => run(showView(party, name, signal)));
  program
    .command('review')
    .description('review the portfolio: quintiles, tiers and heavy users, frozen for all customers')
    .action(() => run((settings) => reviewPortfolio(settings, signal)));
  program
    .command('analyse')
    .description('fit the models of buying and spending, and show who is expected, cohorts, affinity and season')
    .option('--weeks <n>', 'how far ahead customers are forecast', upTo(MAX_WEEKS), YEAR_AHEAD.horizonWeeks)
    .option(
      '--discount <rate>',
      'annual discount rate of lifetime values, a fraction',
      notNegative,
      YEAR_AHEAD.annualDiscount,
    )
    .option('--shown <n>', 'customers and pairs of products shown', wholeNumber, 10)
    .action((own: { weeks: number; discount: number; shown: number }) =>
      run((settings) => analyse(settings, { ...own, signal })),
    );
  program
    .command('calibrate')
    .description('look back: which zones bought again, and what the model of buying would have foretold')
    .option('--within <days>', 'days within which a customer is to buy again', upTo(MAX_DAYS), 180)
    .option('--every <days>', 'days between the instants looked at', upTo(MAX_DAYS), 30)
    .action((own: { within: number; every: number }) => run((settings) => calibrate(settings, { ...own, signal })));
  program
    .command('moments')
    .description('how the loyalty score changed with each moment of truth, from just before to 30 days after')
    .option('--days <days>', 'days looked back', upTo(MAX_DAYS), 365)
    .action((own: { days: number }) => run((settings) => showMoments(settings, { ...own, signal })));
  program
    .command('replay')
    .description('fold the history again, in memory, up to a position or an instant (--as-of, --known-at)')
    .option('--until <position>', 'last position of the log', position)
    .action(({ until }: { until?: bigint }) =>
      run((settings) => replay(settings, { signal, ...(until === undefined ? {} : { until }) })),
    );
  program
    .command('diff [party]')
    .description('what changed between two instants and because of which events, of one party or of all customers')
    .requiredOption('--from <instant>', 'the first instant')
    .option('--to <instant>', 'the second; default now')
    .option('--limit <n>', 'customers shown', wholeNumber, 20)
    .option('--after <party>', 'customers after this one, for the next page')
    .option('--parties <file>', 'all customers that moved, one a line (NDJSON)')
    .action((party: string | undefined, own: Omit<DiffOptions, 'party' | 'signal'>) =>
      run((settings) => diff(settings, { ...own, signal, ...(party === undefined ? {} : { party }) }), {
        writesTo: own.parties,
      }),
    );
  program
    .command('simulate')
    .description('replay history as if another configuration had always been in force; nothing is written')
    .requiredOption('--config <file>', 'a complete configuration document, JSON')
    .option('--limit <n>', 'customers shown', wholeNumber, 20)
    .option('--after <party>', 'customers after this one, for the next page')
    .option('--parties <file>', 'all customers that would move, one a line (NDJSON)')
    .action((own: Omit<SimulateOptions, 'signal'>) =>
      run((settings) => simulate(settings, { ...own, signal }), {
        writesTo: own.parties,
      }),
    );
  program
    .command('rebuild')
    .description(
      'build the read models anew beside the live ones, compare, and switch; a running server goes on meanwhile',
    )
    .addOption(
      new Option(
        '--projection <name>',
        'compare only the rows of this one; one fold makes them all, so they are switched together',
      ).choices(projectionNames),
    )
    .action(({ projection }: { projection?: string }) =>
      run((settings) => rebuildReadModels(settings, { signal, ...(projection === undefined ? {} : { projection }) })),
    );
  const deadLetters = program
    .command('dead-letters')
    .description('events that the projections could not take in, and whom they hold back')
    .action(() => run((settings) => listDeadLetters(settings, signal)));
  deadLetters
    .command('explain <party-or-event>')
    .description('the event, the error, what waits behind it, and what to do')
    .action((about: string) => run((settings) => explainDeadLetters(about, settings, signal)));
  deadLetters
    .command('replay [party]')
    .description('try the dead letters of a party, or all, again with this program')
    .action((party: string | undefined) => run((settings) => replayDeadLetters(party ?? null, settings, signal)));
  program
    .command('verify')
    .description(
      'check the log against its tree and its checkpoints, every fact in it, and the read models against a replay',
    )
    .option('--checkpoint <file...>', 'checkpoints that you have kept outside the log')
    .option('--public-key <file...>', 'the key that you trust, in PEM form; default those that the log names')
    .action(({ checkpoint = [], publicKey = [] }: { checkpoint?: string[]; publicKey?: string[] }) =>
      run((settings) => verify(settings, { checkpoints: checkpoint, publicKeys: publicKey, signal })),
    );
  const privacy = program
    .command('privacy')
    .description('personal data: erase, show that they are erased, hand over, keys');
  privacy
    .command('erase <party>')
    .description('destroy the keys of a party and of everything merged into it, and every copy in clear')
    .requiredOption('--evidence <reference>', 'by what the identity of whoever asks was verified')
    .option('--request <id>', 'the request that is fulfilled by it; default the open one')
    .option('--basis <ground>', 'the ground in law, needed without a request')
    .option('--waive <ids...>', 'obligations that both sides have let go of')
    .action((party: string, own: EraseOptions) => run((settings) => erasePersonalData(party, own, settings, signal)));
  privacy
    .command('expire')
    .description('erase what has been kept for its period: free text first, later names with all that is left')
    .option('--dry-run', 'say who is due, and erase nothing', false)
    .action(({ dryRun }: { dryRun: boolean }) =>
      run((settings) => (dryRun ? listExpired(settings, signal) : expirePersonalData(settings, signal))),
    );
  privacy
    .command('verify-erasure <party>')
    .description('look through every byte of every file for values that must not be there')
    .requiredOption('--values <file>', 'what to look for, one value a line')
    .option('--also <paths...>', 'further files and folders: exports, backups')
    .action((party: string, own: { values: string; also?: ReadonlyArray<string> }) =>
      run((settings) => verifyErasure(party, { ...own, signal }, settings)),
    );
  privacy
    .command('export <party> [file]')
    .description('everything that is known of a party, decrypted, for that party; to standard output or a file')
    .action((party: string, file: string | undefined) =>
      run((settings) => exportParty(party, file, settings, signal), {
        writesTo: file,
      }),
    );
  privacy
    .command('rotate-master-key')
    .description('wrap all keys with a new master key; no event is touched')
    .action(() => run(rotateMasterKey));
  program
    .command('checkpoint')
    .description(
      'take a signed checkpoint of the log now, or export those that it has; --public-key: the key to check them',
    )
    .option('--all', 'export all checkpoints of the log instead', false)
    .option('--public-key', 'show the public key that an auditor holds instead', false)
    .option('--out <file>', 'write to a file; default standard output')
    .action(({ all, publicKey, out }: { all: boolean; publicKey: boolean; out?: string }) => {
      const to = out === undefined ? {} : { out };
      return run(
        (settings) => (publicKey ? showPublicKey(settings, to) : checkpoint(settings, { all, signal, ...to })),
        { writesTo: out },
      );
    });
  program
    .command('proof [event]')
    .description('prove that an event is in the log of a checkpoint, or that the log has only grown')
    .option('--from <size>', 'the smaller size, for a proof of growth', wholeNumber)
    .option('--to <size>', 'the larger one; default that of the newest checkpoint', wholeNumber)
    .option('--checkpoint <file>', 'the checkpoint to prove against; default the newest in the log')
    .option('--out <file>', 'write to a file; default standard output')
    .action((eventId: string | undefined, own: { from?: number; to?: number; checkpoint?: string; out?: string }) =>
      run((settings) => proof(settings, { ...own, signal, ...(eventId === undefined ? {} : { eventId }) }), {
        writesTo: own.out,
      }),
    );
  program
    .command('export [file]')
    .description('write all facts as NDJSON of CloudEvents, to standard output or a file')
    .option('--log <folder>', 'instead the whole log as it is kept, sealed, from which import makes the same log')
    .option('--party <id>', 'with --log or parquet: the events of one party; with --log proved to be in the log')
    .addOption(
      new Option('--format <format>', 'parquet: one file for analysts, without personal fields')
        .choices(['ndjson', 'parquet'])
        .default('ndjson'),
    )
    .action((file: string | undefined, { log, party, format }: ExportOfCommandLine) => {
      const of = { signal, ...(party === undefined ? {} : { party }) };
      const to = file === undefined ? {} : { file };
      return run(
        async (settings) => {
          if (log !== undefined && (file !== undefined || format === 'parquet'))
            return failed('--log takes a folder and no FILE, and has one format.');
          if (log !== undefined) return exportKept(settings, { ...of, folder: log });
          if (format === 'parquet') return exportParquet(settings, { ...of, ...to });
          if (party !== undefined)
            return failed(
              '--party goes with --log FOLDER or --format parquet; what a party is handed over: afecto privacy export',
            );
          return exportLog(settings, { signal, ...to });
        },
        { writesTo: file },
      );
    });
  program
    .command('copy')
    .description('copy a whole log into another store, then count and hash both; the same again goes on')
    .requiredOption('--from <url>', 'the store to copy')
    .requiredOption('--to <url>', 'an empty store, or an unfinished copy')
    .action((own: { from: string; to: string }) => run((settings) => copyLog(settings, { ...own, signal })));
  program
    .command('demo')
    .description('import real orders, add simulated touchpoints, show what comes out, and serve it')
    .option('--no-serve', 'end after the show')
    .option('--customers <n>', 'a shorter story: so many customers only', wholeNumber)
    .action(({ serve, customers }: { serve: boolean; customers?: number }) =>
      run((settings) => demo(settings, { serve, signal, ...(customers === undefined ? {} : { customers }) })),
    );
  return program;
};

import pc from 'picocolors';

/**
 * Colours for a person at a terminal, and for nobody else: picocolors alone would also colour a pipe
 * under a build server (`CI`). `NO_COLOR` and `FORCE_COLOR` are honoured as everywhere.
 */
export const colours = pc.createColors(
  process.env['NO_COLOR'] === undefined &&
    ((process.stdout.isTTY && process.env['TERM'] !== 'dumb') || process.env['FORCE_COLOR'] !== undefined),
);

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortfolioAnalysis } from '@afecto/analytics';
import type { Calibration } from '../terminal/calibration-story';
import { cohortPlot, repeatPlot, zonePlot } from './plots';

/** Draws the plots of docs/analytics.md from what `afecto --json analyse` and `afecto --json calibrate` printed. */
const [analysisFile, calibrationFile, folder] = process.argv.slice(2);
if (analysisFile === undefined || calibrationFile === undefined || folder === undefined) {
  process.stderr.write('usage: main.js ANALYSIS.json CALIBRATION.json FOLDER\n');
  process.exitCode = 2;
} else {
  // Both are what this program printed: the two ends are compiled from the same sources.
  const analysis = JSON.parse(readFileSync(analysisFile, 'utf8')) as PortfolioAnalysis;
  const calibration = JSON.parse(readFileSync(calibrationFile, 'utf8')) as Calibration;
  const plots: Readonly<Record<string, string | null>> = {
    'repeat-orders': repeatPlot(analysis),
    zones: zonePlot(calibration.zones),
    cohorts: cohortPlot(analysis),
  };
  for (const [name, plot] of Object.entries(plots)) if (plot !== null) writeFileSync(join(folder, `${name}.svg`), plot);
}

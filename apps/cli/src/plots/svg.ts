/** A drawing as small as a text: rectangles, lines and words, in a frame of 720 × 360. */
export const WIDTH = 720;
export const HEIGHT = 360;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Tenths of a unit are enough for the eye. */
const at = (value: number): string => String(Math.round(value * 10) / 10);

export const rectangle = (x: number, y: number, width: number, height: number, colour: string): string =>
  `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="${colour}"/>`;

export const line = (x1: number, y1: number, x2: number, y2: number, colour = '#444'): string =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${colour}"/>`;

export const path = (points: ReadonlyArray<readonly [x: number, y: number]>, colour: string): string =>
  `<polyline points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;

export const words = (
  x: number,
  y: number,
  text: string,
  { anchor = 'middle', size = 12, colour = '#222' }: { anchor?: string; size?: number; colour?: string } = {},
): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" font-size="${size}" fill="${colour}">${escaped(text)}</text>`;

/** The whole file: title at the top left, white ground, so that it reads on any page. */
export const drawing = (title: string, parts: ReadonlyArray<string>): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    rectangle(0, 0, WIDTH, HEIGHT, '#fff'),
    words(20, 24, title, { anchor: 'start', size: 14 }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');

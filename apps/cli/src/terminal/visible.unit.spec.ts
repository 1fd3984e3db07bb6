import pc from 'picocolors';
import { visible } from './visible';

const colours = pc.createColors(true);

describe('a text for a terminal', () => {
  it('keeps our colours, line ends and tabs', () => {
    const text = `${colours.bold('a')}\t${colours.dim(colours.red('b'))}\n${colours.green('c')} ${colours.yellow('é ✓')}`;
    expect(visible(text)).toBe(text);
  });

  it.each([
    ['\u001b[2J', String.raw`\u001b[2J`],
    ['\u001b]0;title\u0007', String.raw`\u001b]0;title\u0007`],
    ['\u001b[8mhidden', String.raw`\u001b[8mhidden`],
    ['a\rb', String.raw`a\u000db`],
    ['\u009b1A', String.raw`\u009b1A`],
    ['\u007f', String.raw`\u007f`],
    ['Ana \u202eodagap', String.raw`Ana \u202eodagap`],
    ['\u2066a\u2069', String.raw`\u2066a\u2069`],
  ])('shows %j as what it is', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

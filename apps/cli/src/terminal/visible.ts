/** What `colours` writes: bold, dim and colours, and their ends. */
const COLOUR = '\\u001b\\[(?:[012]|22|3[0-9]|9[0-7])m';
/** Controls of C0 and C1, and those of Unicode that change in which direction a line is written (UAX #9). */
const CONTROL = new RegExp(
  `(${COLOUR})|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]`,
  'g',
);

/**
 * A text for a terminal in which control characters, which come from data, are seen and do nothing: an
 * escape sequence in a name could move the cursor and hide what is said, one of direction show it
 * backwards. Line ends, tabs and our colours stay.
 */
export const visible = (text: string): string =>
  text.replace(CONTROL, (found, colour: string | undefined) =>
    colour === undefined ? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}` : found,
  );

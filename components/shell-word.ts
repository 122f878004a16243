/** A text as one word of a POSIX shell's command line: as it is where the shell takes nothing in it for its own, else quoted. */
export function shellWord(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

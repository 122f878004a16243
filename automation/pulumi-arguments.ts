/** What `npm run pulumi`'s arguments say about the stack. */
export interface StackOption {
  /** Value of `--stack` or `-s`. */
  readonly stack: string | undefined;
  /** Whether the command works on an existing stack. */
  readonly needed: boolean;
  /** Whether the command runs the program. */
  readonly runsProgram: boolean;
}

const stackCommands = new Set([
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "dn",
  "down",
  "config",
  "cancel",
  "logs",
  "console",
  "state",
  "watch",
  "import",
]);
const programCommands = new Set(["up", "update", "preview", "pre", "watch"]);
/** Those that make, list or choose stacks by themselves. */
const ownStackCommands = new Set(["init", "ls", "select", "rm"]);

/** Reads the arguments of a Pulumi command. */
export function readStackOption(args: readonly string[]): StackOption {
  let stack: string | undefined;
  const words: string[] = [];
  for (let i = 0; i < args.length && args[i] !== "--"; i++) {
    const arg = args[i]!;
    const [, value] = /^(?:--stack|-s)=(.*)$/.exec(arg) ?? /^-s(.+)$/.exec(arg) ?? [];
    if (value !== undefined) stack = value;
    else if (arg === "--stack" || arg === "-s") stack = args[++i];
    else if (!arg.startsWith("-")) words.push(arg);
  }
  const [command = "", subcommand = ""] = words;
  const help = args.some((arg) => arg === "--help" || arg === "-h");
  const needed = stackCommands.has(command) || (command === "stack" && !ownStackCommands.has(subcommand));
  return { stack, needed: needed && !help, runsProgram: programCommands.has(command) && !help };
}

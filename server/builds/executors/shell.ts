/**
 * The program that runs a command. A script ends at its first failing command, and both its channels are one, so that
 * what it prints stays in order.
 */
export function shellCommand(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? ['/bin/sh', '-e', '-c', `exec 2>&1; ${command}`] : command
}

/** Numbers of system calls on one kind of machine, with the arguments that matter. */
interface Machine {
  /** What the kernel calls this kind of machine. */
  audit: number
  /** Calls that set the mode which their argument of this number holds. */
  modes: readonly [call: number, modeArgument: number][]
  /** Calls that make a file where their flags say so. */
  opens: readonly [call: number, flagsArgument: number, modeArgument: number][]
}

const machines: Partial<Record<NodeJS.Architecture, Machine>> = {
  // creat, chmod, fchmod, mknod, mknodat, fchmodat, fchmodat2; open, openat
  x64: {
    audit: 0xc000003e,
    modes: [
      [85, 1],
      [90, 1],
      [91, 1],
      [133, 1],
      [259, 2],
      [268, 2],
      [452, 2],
    ],
    opens: [
      [2, 1, 2],
      [257, 2, 3],
    ],
  },
  // mknodat, fchmod, fchmodat, fchmodat2; openat
  arm64: {
    audit: 0xc00000b7,
    modes: [
      [33, 2],
      [52, 1],
      [53, 2],
      [452, 2],
    ],
    opens: [[56, 2, 3]],
  },
}

/** io_uring_setup and openat2: what they ask for lies in memory, where a filter cannot see it. Programs do without them. */
const opaqueCalls = [425, 437]
const otherConvention = 0x4000_0000
const specialBits = 0o6000
const createFlags = 0o100
/** A file without a name: nobody sees it, and it counts for no disk. Whoever asks for one and is told that there are none takes one with a name. */
const namelessFlag = 0o20_000_000

const load = 0x20
const ifEqual = 0x15
const ifAtLeast = 0x35
const ifAnyBit = 0x45
const give = 0x06
const allowed = 0x7fff_0000
const notPermitted = 0x0005_0001
const unknownCall = 0x0005_0026
const notSupported = 0x0005_005f

type Instruction = [code: number, value: number, skipIfTrue?: number, skipIfFalse?: number]
const argument = (number: number) => 16 + 8 * number

const refuseMode = (mode: number): Instruction[] => [
  [load, argument(mode)],
  [ifAnyBit, specialBits, 0, 1],
  [give, notPermitted],
  [give, allowed],
]

function program({ audit, modes, opens }: Machine): Instruction[] {
  return [
    [load, 4],
    [ifEqual, audit, 1, 0],
    [give, unknownCall],
    [load, 0],
    [ifAtLeast, otherConvention, 0, 1],
    [give, unknownCall],
    ...modes.flatMap(([call, mode]): Instruction[] => [[ifEqual, call, 0, 4], ...refuseMode(mode)]),
    ...opens.flatMap(([call, flags, mode]): Instruction[] => [
      [ifEqual, call, 0, 8],
      [load, argument(flags)],
      [ifAnyBit, namelessFlag, 0, 1],
      [give, notSupported],
      // The mode of a file that is there already is whatever the register held.
      [ifAnyBit, createFlags, 0, 3],
      ...refuseMode(mode),
    ]),
    ...opaqueCalls.flatMap((call): Instruction[] => [
      [ifEqual, call, 0, 1],
      [give, unknownCall],
    ]),
    [give, allowed],
  ]
}

/**
 * A filter for system calls, as the kernel takes it: no file can be given the set-user-id or set-group-id bit. What runs in a
 * sandbox writes files that belong, outside, to whoever runs the server; with such a bit anybody on this machine could
 * run them as that user. Null on machines whose calls are not known here.
 */
export function modeFilter(architecture: NodeJS.Architecture = process.arch): Buffer | null {
  const machine = machines[architecture]
  if (!machine) return null
  const instructions = program(machine)
  const bytes = Buffer.alloc(instructions.length * 8)
  for (const [at, [code, value, skipIfTrue = 0, skipIfFalse = 0]] of instructions.entries()) {
    bytes.writeUInt16LE(code, at * 8)
    bytes.writeUInt8(skipIfTrue, at * 8 + 2)
    bytes.writeUInt8(skipIfFalse, at * 8 + 3)
    bytes.writeUInt32LE(value, at * 8 + 4)
  }
  return bytes
}

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxExecutor } from './sandbox.ts'
import type { RunSpec } from './types.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'maestro-sandbox-'))
await chmod(dataDir, 0o755)
const executor = sandboxExecutor(dataDir)
const trial = await executor.trial()
const secret = `secret-${process.pid}-of-the-host`
let workspace: string
let other: string
let counter = 0

beforeAll(async () => {
  workspace = await executor.prepare('attacked')
  other = await executor.prepare('other-project')
  await writeFile(join(other, 'secret.txt'), secret)
  await writeFile(join(dataDir, 'secret.txt'), secret)
  await mkdir(join(workspace, '.git'))
  await writeFile(join(workspace, '.git', 'config'), secret)
  await symlink(join(dataDir, 'secret.txt'), join(workspace, 'planted-link'))
  await symlink('/etc', join(workspace, 'planted-etc'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function attack(command: RunSpec['command'], more: Partial<RunSpec> = {}) {
  let output = ''
  const spec = { key: `attack-${process.pid}-${++counter}`, workspace, command, timeoutMs: 90_000, hidden: ['/workspace/.git'], ...more }
  const result = await executor.run(spec, (chunk) => {
    if (output.length < 100_000) output += chunk
    return undefined
  })
  return { ...result, output }
}
/** Each try prints OUT where it got out. */
const tries = (...scripts: string[]) => scripts.map((script) => `( ${script} ) 2>/dev/null && echo OUT || true`).join('\n')
const node = (source: string) => ['node', '-e', source]

test('the trial works on this machine', () => {
  // Elsewhere the tests below are skipped; on CI they have to run.
  if (process.env.CI) expect(trial).toEqual({ ok: true })
})

describe.skipIf(!trial.ok && !process.env.CI)('twenty ways out, none of which works', () => {
  test('1 the network: no address, no name, no neighbour on loopback', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const source = `
      const net = require('net'), dns = require('dns')
      const dial = (port, host) => new Promise((done) => net.connect({ port, host, timeout: 1500 }).on('connect', () => done(console.log('OUT', host))).on('error', done).on('timeout', function () { this.destroy(); done() }))
      Promise.all([dial(${port}, '127.0.0.1'), dial(80, '1.1.1.1'), dial(53, '8.8.8.8'), dial(80, '169.254.169.254'), new Promise((done) => dns.lookup('example.com', (e, a) => done(e || console.log('OUT', a))))]).then(() => console.log('done', Object.keys(require('os').networkInterfaces()).join()))`
    const { output } = await attack(node(source))
    server.close()
    expect(output).toMatch(/^done (lo)?\n$/)
  })

  test('2 files of the host: the data directory, homes, the system’s configuration', async () => {
    const { output } = await attack(
      tries(
        `cat ${dataDir}/secret.txt`,
        `ls ${dataDir}`,
        'ls /root',
        'ls /home',
        'cat /etc/shadow',
        'ls /var',
        'ls /opt',
        `cat ${process.cwd()}/package.json`,
      ),
    )
    expect(output).toBe('')
  })

  test('3 files of another project', async () => {
    const { output } = await attack(
      tries(`cat ${other}/secret.txt`, 'cat /workspace/../other-project/secret.txt', `find / -name secret.txt -path '*other*' | grep .`),
    )
    expect(output).toBe('')
  })

  test('4 the repository: .git shows nothing and takes nothing', async () => {
    const { output } = await attack(
      tries('cat .git/config', 'ls -A .git | grep .', 'touch .git/hooks', 'rm -rf .git && ! ls -d .git', 'mv .git moved'),
    )
    expect(output).toBe('')
    expect(await readFile(join(workspace, '.git', 'config'), 'utf8')).toBe(secret)
  })

  test('5 links that lead outside', async () => {
    const { output } = await attack(
      tries(
        'cat planted-link',
        'cat planted-etc/shadow',
        `ln -s ${dataDir}/secret.txt own && cat own`,
        'echo x > planted-etc/passwd',
        'ln /etc/passwd hard && echo x >> hard',
      ),
    )
    expect(output).toBe('')
  })

  test('6 stepping up with ..', async () => {
    const { output } = await attack(
      tries(
        'cat ../../../../../../../../tmp/secret.txt',
        'ls .. | grep -v -x -e bin -e lib -e lib32 -e lib64 -e libx32 -e sbin -e usr -e etc -e dev -e proc -e tmp -e workspace',
        'cd ../.. && ls | grep root',
      ),
    )
    expect(output).toBe('')
  })

  test('7 processes of the host in /proc', async () => {
    const { output } = await attack(
      tries(
        `kill -0 ${process.pid}`,
        `cat /proc/${process.pid}/cmdline | grep -a vitest`,
        'ls -d /proc/[0-9]* | wc -l | grep -q ...',
        'cat /proc/1/environ | grep -a SECRET',
        'ls /proc/1/root/root',
        'cat /proc/1/root/var/log/syslog',
      ),
    )
    expect(output).toBe('')
  })

  test('8 switches of the kernel in /proc/sys', async () => {
    const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8')
    const { output } = await attack(
      tries(
        'echo x > /proc/sys/kernel/core_pattern',
        'echo 1 > /proc/sys/vm/drop_caches',
        'echo b > /proc/sysrq-trigger',
        'echo -1000 > /proc/self/oom_score_adj',
      ),
    )
    expect(output).toBe('')
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before)
  })

  test('9 devices and control groups in /sys', async () => {
    const { output } = await attack(tries('ls /sys/class', 'ls /sys/fs/cgroup', 'mkdir -p /sys/fs/cgroup/x'))
    expect(output).toBe('')
  })

  test('10 a fork bomb', async () => {
    const { outcome, exitCode } = await attack('bomb() { bomb | bomb & bomb; }; bomb; sleep 3000', {
      timeoutMs: 4_000,
      limits: { processes: 64 },
    })
    expect(outcome === 'exited' ? exitCode : 1).not.toBe(0)
    expect((await attack('echo fine')).output).toBe('fine\n')
  })

  test('11 endless output', async () => {
    expect(await attack('yes', { outputLimitBytes: 5_000_000 })).toMatchObject({ outcome: 'output-limit', exitCode: null })
  })

  test('12 memory: of one process, of many together, and of scratch space', async () => {
    const limits = { memoryMb: 256, tmpMb: 32 }
    const eat = node('const k = []; setInterval(() => k.push(Buffer.alloc(16 << 20, 1)), 5)')
    expect((await attack(eat, { limits })).outcome).toBe('out-of-memory')
    const many = `for i in 1 2 3 4 5 6; do node -e 'const k = Buffer.alloc(90 << 20, 1); setTimeout(() => k, 900000)' & done; wait`
    expect((await attack(many, { limits })).outcome).toBe('out-of-memory')
    const { output } = await attack(tries('head -c 60000000 /dev/zero > /tmp/big', 'head -c 90000000 /dev/zero > /dev/shm/big'), { limits })
    expect(output).toBe('')
  })

  test('13 filling the disk', async () => {
    const { output } = await attack(`${tries('head -c 40000000 /dev/zero > big')}\nls -l big | awk '{print $5}'; rm -f big`, {
      limits: { fileMb: 20 },
    })
    expect(Number(output.match(/^\d+$/m)?.[0])).toBeLessThanOrEqual(20 * 1024 ** 2)
  })

  test('14 looking into and steering other processes', async () => {
    const victim = spawn('sleep', ['60'])
    const { output } = await attack(
      tries(`cat /proc/${victim.pid}/maps | grep -a sleep`, `kill -9 ${victim.pid}`, 'kill -9 -1; false', `gdb -p ${victim.pid} --batch`),
    )
    expect(output).not.toContain('OUT')
    expect(victim.exitCode === null && victim.signalCode === null).toBe(true)
    victim.kill('SIGKILL')
  })

  test('15 mounting, and name spaces in which one might', async () => {
    const { output } = await attack(
      tries(
        'mount -t tmpfs none /workspace',
        'mount --bind / /workspace',
        'umount /proc/sys',
        'mount -o remount,rw /',
        'mount -o remount,rw /usr',
        'unshare -Ur true',
        'unshare -m true',
        'unshare -Urm mount -t tmpfs none /tmp',
        'nsenter -t 1 -m ls',
      ),
    )
    expect(output).toBe('')
  })

  test('16 programs that run as somebody else', async () => {
    const { output } = await attack(
      `${tries('su -c true', 'sudo -n true', 'test $(id -u) = 0', 'cp /bin/sh s && chmod 4755 s && ./s -p -c "test \\$(id -u) = 0"', 'chown 0 .')}\ngrep -E 'NoNewPrivs|CapEff' /proc/self/status | tr -s '\\t\\n' '  '; rm -f s`,
    )
    expect(output.trim()).toBe('CapEff: 0000000000000000 NoNewPrivs: 1')
  })

  test('17 sockets of the host: by path, abstract, raw', async () => {
    const path = join(dataDir, 'host.sock')
    const server = createServer((socket) => socket.end('hello')).listen(path)
    const abstract = createServer((socket) => socket.end('hello')).listen(`\0maestro-${process.pid}`)
    await new Promise((resolve) => server.once('listening', resolve))
    const dial = `const net = require('net'); for (const path of [${JSON.stringify(path)}, '\\0maestro-${process.pid}', '/var/run/docker.sock', '/run/dbus/system_bus_socket']) net.connect(path).on('connect', () => console.log('OUT', path)).on('error', () => {})`
    const { output } = await attack(node(dial))
    const raw = await attack(
      tries('ping -c1 -W1 127.0.0.1 >/dev/null && ping -c1 -W1 8.8.8.8', 'ip link set lo down', 'ip tuntap add mode tap'),
    )
    server.close()
    abstract.close()
    expect(output + raw.output).toBe('')
  })

  test('18 secrets of the server’s environment', async () => {
    process.env.SECRET_OF_THE_SERVER = secret
    const { output } = await attack('env; for f in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do cat $f; echo; done; ls -l /proc/self/fd')
    expect(output).not.toContain(secret)
    expect(output).not.toContain('DATABASE_URL')
  })

  test('19 chroot, pivot, device nodes', async () => {
    const { output } = await attack(
      tries(
        'chroot / true',
        'mknod disk b 8 0',
        'mknod /dev/mem c 1 1',
        'cat /dev/sda',
        'cat /dev/vda',
        'cat /dev/mem',
        'cat /dev/kmsg',
        'ls /dev/pts/[0-9]*',
        'pivot_root . .',
      ),
    )
    expect(output).toBe('')
  })

  test('20 writing where one may only read: programs, libraries, Node itself, a read-only workspace, the root', async () => {
    await writeFile(join(workspace, 'given'), 'given')
    const writes = tries(
      'touch /usr/bin/evil',
      'echo x >> $(which node)',
      'touch $(dirname $(which node))/evil',
      'touch /etc/evil',
      'touch /evil',
      'mkdir /lib/evil',
      'rm /usr/bin/env',
      'touch /dev/evil',
    )
    const frozen = await attack(tries('echo x > given', 'touch new', 'rm given', 'chmod 777 given', 'mv given away'), { readOnly: true })
    expect((await attack(writes)).output + frozen.output).toBe('')
    expect(await readFile(join(workspace, 'given'), 'utf8')).toBe('given')
    expect(existsSync('/usr/bin/env')).toBe(true)
  })

  test.runIf(['x64', 'arm64'].includes(process.arch))('and a program that runs as its owner, for whoever finds it outside', async () => {
    const source = `
      const fs = require('fs')
      const attempt = (what, work) => { try { work(); if (fs.statSync('bit').mode & 0o6000) console.log('OUT', what) } catch (e) { if (e.code !== 'EPERM') console.log(what, e.code) } fs.rmSync('bit', { force: true }) }
      for (const mode of [0o4755, 0o2755, 0o6755]) {
        attempt('open', () => fs.closeSync(fs.openSync('bit', 'w', mode)))
        attempt('chmod', () => { fs.writeFileSync('bit', ''); fs.chmodSync('bit', mode) })
        attempt('fchmod', () => { const at = fs.openSync('bit', 'w'); fs.fchmodSync(at, mode) })
      }
      fs.writeFileSync('plain', ''); fs.chmodSync('plain', 0o755); fs.readFileSync('plain')
      console.log((fs.statSync('plain').mode & 0o7777).toString(8))`
    expect((await attack(node(source))).output).toBe('755\n')
    const copied = 'test -u copy && echo OUT; rm -f copy'
    const shell = [
      'install -m 4755 /bin/sh copy',
      'cp /bin/sh copy; chmod u+s copy',
      'cp /bin/sh copy; chmod 6755 copy',
      'mknod -m 4755 copy p',
    ]
    expect((await attack(tries(...shell.map((one) => `( ${one} ); ${copied}; false`)))).output).toBe('')
  })

  test('and outliving it: a child in a session of its own ends with the sandbox', async () => {
    await attack('setsid nohup sh -c "while true; do date >> beat; sleep 0.05; done" >/dev/null 2>&1 & sleep 0.3')
    const beats = await readFile(join(workspace, 'beat'), 'utf8').catch(() => '')
    expect((await attack('sleep 0.4')).exitCode).toBe(0)
    expect(await readFile(join(workspace, 'beat'), 'utf8').catch(() => '')).toBe(beats)
  })
})

// Builds the pages into target/web when their inputs changed; with --test it checks types and runs the unit tests likewise.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const here = import.meta.dirname;
const target = resolve(here, '../../../target');
const out = join(target, 'web');
const flags = process.argv.slice(2);
const testing = flags.includes('--test');

if (flags.some((flag) => /^--skip(-\w+)*=(true)?$/.test(flag))) process.exit(0);

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const files = (directory) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function hash(paths) {
  const sum = createHash('sha256').update(process.version);
  for (const path of paths.sort()) sum.update(relative(here, path)).update('\0').update(readFileSync(path)).update('\0');
  return sum.digest('hex');
}

function run(tool, ...args) {
  execFileSync(process.execPath, [join(here, 'node_modules', tool), ...args], { cwd: here, stdio: 'inherit' });
}

const lock = join(here, 'package-lock.json');
if (/"resolved"|:\/\//.test(read(lock)))
  throw new Error('package-lock.json holds addresses. Run "npm run lock" in src/main/web, then commit it.');

const inputs = hash([
  ...['package.json', 'package-lock.json', '.npmrc', 'index.html', 'phone.html', 'openapi.json', 'vite.config.ts', 'tsconfig.json', 'build.mjs'].map(
    (name) => join(here, name),
  ),
  ...files(join(here, 'public')),
  ...files(join(here, 'src')).filter((file) => !relative(here, file).startsWith(join('src', 'generated'))),
]);
const stamp = testing ? join(target, 'web-tests.hash') : join(out, '.inputs-hash');
if (read(stamp) === inputs) {
  console.log(`Web pages: ${testing ? 'tested' : 'built'} already, nothing changed.`);
  process.exit(0);
}

const installed = join(here, 'node_modules', '.lock-hash');
const wanted = hash([lock, join(here, '.npmrc')]);
if (read(installed) !== wanted) {
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  writeFileSync(installed, wanted);
}

run('openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'src/generated/api.d.ts');
if (testing) {
  run('typescript/bin/tsc', '--noEmit');
  run('vitest/vitest.mjs', 'run', '--reporter=dot');
} else {
  rmSync(stamp, { force: true });
  run('vite/bin/vite.js', 'build', '--logLevel', 'warn');
}
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, inputs);

/** fixtures/rule-repo, a repository as a platform keeps its rules in: the steps of action.yml and the other CI files run on it. */

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('..', import.meta.url))
const sample = join(root, 'fixtures', 'rule-repo')
const work = mkdtempSync(join(tmpdir(), 'clauselint-rule-repo-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
vi.setConfig({ testTimeout: 60_000 })

const text = (path: string) => readFileSync(join(root, path), 'utf8')
const action: Action = parse(text('action.yml'))
/** The day on which the comments of the sample are judged. */
const TODAY = '--today=2026-11-21'

interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly run?: string
}
interface Action {
  readonly name: string
  readonly description: string
  readonly author: string
  readonly branding: Readonly<Record<string, string>>
  readonly inputs: Readonly<Record<string, { description: string; required: boolean; default: string }>>
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

let copies = 0
/** A copy of the sample as a repository of its own, everything committed. */
function repository(): string {
  const folder = join(work, String(++copies))
  cpSync(sample, folder, { recursive: true })
  git(folder, 'init', '-q')
  git(folder, 'add', '-A')
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'rules')
  return folder
}
function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}
function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
}
const addBreach = (folder: string) =>
  edit(folder, 'rules/service-agreement.md', before =>
    before.replace(
      '## 第三章',
      '第五条 平台有权随时修改本协议，修改后的内容一经公布立即生效，无需另行通知用户。\n\n## 第三章',
    ),
  )

interface Run {
  /** Exit status of the last step that ran: that of the action. */
  readonly status: number
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  /** Actions of others that would have run, with what they are given. */
  readonly used: readonly { readonly uses: string; readonly with: Readonly<Record<string, string>> }[]
}

/** Runs the steps of action.yml as a runner does: shell, variables, conditions, outputs. Installing is left out. */
function runAction(folder: string, given: Readonly<Record<string, string>>): Run {
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([key, { default: own }]) => [key, given[key] ?? own]),
  )
  const outputs: Record<string, string> = {}
  const valueOf = (name: string) => {
    const [, input, output] = /^(?:inputs\.([\w-]+)|steps\.check\.outputs\.([\w-]+))$/.exec(name) ?? []
    if (input !== undefined && inputs[input] !== undefined) return inputs[input]
    if (output !== undefined) return outputs[output] ?? ''
    throw new Error(`unknown value ${name}`)
  }
  const filled = (value: unknown) => String(value).replace(/\$\{\{ (.+?) \}\}/g, (_, name: string) => valueOf(name))
  const holds = (condition: string) =>
    condition
      .replace(/^\$\{\{ | \}\}$/g, '')
      .split(' && ')
      .every(part => {
        if (part === 'always()') return true
        const [, name = '', sign, value] = /^(\S+) ([!=]=) '(.*)'$/.exec(part) ?? []
        return (valueOf(name) === value) === (sign === '==')
      })
  const files = { summary: `${folder}.summary`, output: `${folder}.output`, script: `${folder}.sh` }
  writeFileSync(files.summary, '')
  const used: Run['used'][number][] = []
  let status = 0
  let log = ''
  for (const step of action.runs.steps) {
    if (step.run?.includes('npm ci')) continue
    if (step.if === undefined ? status !== 0 : !holds(step.if)) continue
    if (step.run === undefined) {
      const values = Object.entries(step.with ?? {}).map(([key, value]) => [key, filled(value)])
      used.push({ uses: step.uses ?? '', with: Object.fromEntries(values) })
      continue
    }
    writeFileSync(files.script, step.run)
    writeFileSync(files.output, '')
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value)])
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', files.script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: folder,
        GITHUB_ACTION_PATH: root.replace(/\/$/, ''),
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_OUTPUT: files.output,
        ...Object.fromEntries(own),
      },
    })
    status ||= result.status ?? -1
    log += result.stdout + result.stderr
    if (step.id === undefined) continue
    for (const [, key = '', value = ''] of readFileSync(files.output, 'utf8').matchAll(/^([\w-]+)=(.*)$/gm))
      outputs[key] = value
  }
  return { status, log, summary: readFileSync(files.summary, 'utf8'), outputs, used }
}

/** The inputs that the workflow of the sample gives, on a fixed day. */
function workflowInputs(): Record<string, string> {
  const { jobs } = parse(text('fixtures/rule-repo/.github/workflows/rules.yml'))
  const step = jobs.clauselint.steps.find((s: Step) => s.uses?.includes('/clauselint@'))
  return { ...step.with, 'upload-sarif': 'true', options: TODAY }
}
const asWorkflow = (folder: string, over: Readonly<Record<string, string>> = {}) =>
  runAction(folder, { ...workflowInputs(), ...over })

interface SarifResult {
  readonly ruleId: string
  readonly level: string
  readonly locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[]
}
const require = createRequire(import.meta.url)
const official = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
const { id: _id, $schema: _draft, ...schema } = JSON.parse(readFileSync(official, 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)
function sarifResults(folder: string): SarifResult[] {
  const log = JSON.parse(readFileSync(join(folder, 'clauselint.sarif'), 'utf8'))
  validate(log)
  expect(validate.errors ?? []).toEqual([])
  return log.runs[0].results
}
const commands = (log: string, name: string) => log.split('\n').filter(line => line.startsWith(`::${name} `))

function help(): string {
  const args = [join(root, 'bin', 'clauselint.js'), 'check', '--help', '--lang', 'en']
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout
}

describe('action.yml', () => {
  const { steps } = action.runs

  test('has the keys that GitHub documents, and no others', () => {
    expect(Object.keys(action).sort()).toEqual(
      ['author', 'branding', 'description', 'inputs', 'name', 'outputs', 'runs'].sort(),
    )
    expect(action.runs.using).toBe('composite')
    for (const [name, input] of Object.entries(action.inputs)) {
      expect({ name, keys: Object.keys(input).sort() }).toEqual({ name, keys: ['default', 'description', 'required'] })
      expect({ name, type: typeof input.default }).toEqual({ name, type: 'string' })
    }
    for (const output of Object.values(action.outputs))
      expect(Object.keys(output).sort()).toEqual(['description', 'value'])
    const known = { uses: ['if', 'name', 'uses', 'with'], run: ['env', 'id', 'if', 'name', 'run', 'shell'] }
    for (const step of steps) {
      const allowed = step.uses === undefined ? known.run : known.uses
      expect(Object.keys(step).filter(key => !allowed.includes(key))).toEqual([])
      expect(step.uses === undefined ? step.shell : step.uses).toMatch(
        step.uses === undefined ? /^bash$/ : /@v\d+$|@[0-9a-f]{40}$/,
      )
    }
  })
  test('no input gets into a script but through a variable, and every input is used', () => {
    for (const step of steps) expect(step.run ?? '').not.toContain('${{')
    const passed = JSON.stringify(steps)
    for (const name of Object.keys(action.inputs)) expect(passed).toContain(`inputs.${name}`)
    for (const step of steps)
      for (const name of Object.keys(step.env ?? {})) expect(step.run).toMatch(new RegExp(`\\$\\{?${name}\\b`))
  })
  test('each script is a sound bash script', () => {
    for (const { run } of steps) {
      if (run === undefined) continue
      const { status, stderr } = spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
  })
  test('what it installs with is there', () => {
    const install = steps.find(step => step.run?.includes('npm ci'))?.run ?? ''
    const scripts = [...install.matchAll(/npm run (\S+)/g)].map(match => match[1] ?? '')
    expect(scripts).toEqual(['build'])
    expect(JSON.parse(text('package.json')).scripts).toHaveProperty(scripts[0] ?? '')
    expect(install.split('\n')[0]).toBe('cd "$GITHUB_ACTION_PATH"')
    expect(existsSync(join(root, 'package-lock.json'))).toBe(true)
  })
  test('every option of clauselint in the CI files and their guide is one that it has', () => {
    const known = help()
    const guide = text('ci/README.md')
    const script = steps.find(step => step.id === 'check')?.run ?? ''
    const asked = [
      ...[...script.matchAll(/["(\s](--[a-z][a-z-]+)=/g)].map(match => match[1] ?? ''),
      ...[...(text('ci/gitlab-ci.yml') + text('.pre-commit-hooks.yaml') + guide).matchAll(/--[a-z][a-z-]+/g)].map(
        m => m[0],
      ),
    ].filter(option => !['--yes', '--package'].includes(option)) // of npx
    expect(asked.length).toBeGreaterThan(8)
    for (const option of new Set(asked)) expect(known).toContain(`  ${option} `)
    for (const name of Object.keys(action.inputs)) expect(guide).toContain(`\`${name}\``)
  })
})

describe('the steps of action.yml on the sample', () => {
  test('known problems pass; the one hint left is annotated, uploaded and in the summary', () => {
    const folder = repository()
    const run = asWorkflow(folder)
    expect(run.outputs).toEqual({ status: '0', sarif: 'clauselint.sarif' })
    expect(commands(run.log, 'error')).toEqual([])
    expect(commands(run.log, 'notice')).toHaveLength(1)
    expect(run.log).toContain('基线中已有、不再报告的问题 4 条')
    expect(run.log).toContain('文档中的注释压下了 2 条问题')
    expect(run.summary).toMatch(/^# clauselint 检查结果/)
    expect(run.summary).toContain('no-elder-hotline')
    expect(sarifResults(folder).map(result => [result.ruleId, result.level])).toEqual([['no-elder-hotline', 'note']])
    expect(readFileSync(join(folder, 'build', 'clauselint.xml'), 'utf8')).toMatch(/^<\?xml[^]*<\/testsuites>\n$/)
    expect(run.used.map(({ uses }) => uses.split('@')[0])).toEqual([
      'actions/setup-node',
      'github/codeql-action/upload-sarif',
    ])
    expect(run.used[1]?.with).toEqual({ sarif_file: 'clauselint.sarif', category: 'clauselint' })
    // The reports are ignored by git.
    expect(git(folder, 'status', '--porcelain')).toBe('')
  })

  test('a new breach fails, after it has been annotated in its place and uploaded', () => {
    const folder = repository()
    addBreach(folder)
    const run = asWorkflow(folder)
    expect(run.status).toBe(1)
    expect(run.outputs['status']).toBe('1')
    const line =
      readFileSync(join(folder, 'rules/service-agreement.md'), 'utf8')
        .split('\n')
        .findIndex(l => l.includes('随时修改')) + 1
    const errors = commands(run.log, 'error')
    expect(errors.length).toBeGreaterThan(0)
    for (const error of errors) expect(error).toContain(`::error file=rules/service-agreement.md,line=${line},`)
    expect(errors.join('\n')).toContain('amendment-without-notice')
    expect(run.summary).toContain('amendment-without-notice')
    const found = sarifResults(folder).filter(result => result.level === 'error')
    expect(found.map(({ ruleId }) => ruleId)).toContain('amendment-without-notice')
    for (const { locations } of found) {
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('rules/service-agreement.md')
      expect(locations[0]?.physicalLocation.region.startLine).toBe(line)
    }
    expect(run.used.at(-1)?.uses).toMatch(/upload-sarif/)
  })

  test('without the baseline the old breaches count; fail-on never lets them pass, and nothing is uploaded unasked', () => {
    const folder = repository()
    const all = asWorkflow(folder, { baseline: '' })
    expect(all.status).toBe(1)
    expect(commands(all.log, 'error').map(line => /(?:refund|price)-[a-z-]+/.exec(line)?.[0])).toEqual([
      'refund-without-return',
      'price-parity',
    ])
    const lenient = asWorkflow(folder, { baseline: '', 'fail-on': 'never', 'upload-sarif': 'false' })
    expect(lenient.status).toBe(0)
    expect(lenient.used.map(({ uses }) => uses.split('@')[0])).toEqual(['actions/setup-node'])
  })

  test('an expired comment brings its finding back', () => {
    const folder = repository()
    const run = asWorkflow(folder, { options: '--today=2100-01-01' })
    expect(run.status).toBe(1)
    const errors = commands(run.log, 'error').join('\n')
    expect(errors).toContain('remote-jurisdiction')
    expect(errors).toContain('sanction-without-reason')
    expect(run.log).toContain('法务部')
  })

  test('renumbered clauses are nothing new', () => {
    const folder = repository()
    edit(folder, 'rules/merchant-rules.html', before => {
      const han = '零一二三四五六七八九十'
      const next = (n: string) => (n === '十' ? '十一' : n === '十一' ? '十二' : (han[han.indexOf(n) + 1] ?? n))
      const later = before.replace(/第([一二三四五六七八九十]+)条 /g, (_, n: string) => `第${next(n)}条 `)
      return later.replace('<p>第二条 ', '<p>第一条 本规则由商家委员会参与制定。</p>\n<p>第二条 ')
    })
    const run = asWorkflow(folder)
    expect(run.log).toContain('基线中已有、不再报告的问题 4 条')
    expect(commands(run.log, 'error')).toEqual([])
    expect(run.status).toBe(0)
  })

  test('what cannot be done is status 2, and a report of an earlier run is not taken for this one', () => {
    const folder = repository()
    writeFileSync(join(folder, 'clauselint.sarif'), '{}')
    edit(folder, 'clauselint.yaml', before => before.replace('overrides:', 'overides:'))
    const run = asWorkflow(folder)
    expect(run.status).toBe(2)
    expect(run.log).toContain('clauselint.yaml:10:1')
    expect(run.outputs).toEqual({ status: '2' })
    expect(run.used.map(({ uses }) => uses.split('@')[0])).toEqual(['actions/setup-node'])
    expect(existsSync(join(folder, 'clauselint.sarif'))).toBe(false)
    const unclear = asWorkflow(repository(), { reports: 'junit' })
    expect(unclear.status).toBe(2)
    expect(unclear.log).toContain('格式=文件')
  })

  test('inputs are data: spaces, quotes and commands in them run nothing', () => {
    const folder = repository()
    const name = '规则 $(touch broken) `touch broken` "; touch broken;.md'
    writeFileSync(join(folder, name), '第一条 商家依法经营。\n')
    const run = asWorkflow(folder, {
      paths: `\n  ${name}\n  --today\n`,
      baseline: '',
      sarif: '',
      reports: 'json=out put/a $(touch broken).json',
    })
    expect(existsSync(join(folder, 'broken'))).toBe(false)
    // There is no file named --today.
    expect(run.status).toBe(2)
    const report = JSON.parse(readFileSync(join(folder, 'out put', 'a $(touch broken).json'), 'utf8'))
    expect(report.documents.map((d: { path: string }) => d.path)).toEqual([name])
    expect(run.outputs['sarif']).toBeUndefined()
  })

  test('versions put away and drafts are left out of a folder, and checked when named', () => {
    const folder = repository()
    const whole = asWorkflow(folder, { paths: '.' })
    expect(whole.status).toBe(0)
    expect(whole.log).toContain('未检查 3 项：archive/、build/、drafts/')
    const named = asWorkflow(folder, { paths: 'archive/2026-01-15/service-agreement.md' })
    expect(named.status).toBe(1)
    expect(commands(named.log, 'error').join('\n')).toContain('deemed-consent')
  })
})

/** Runs lines of a shell with `npx` and `clauselint` standing for the built command line. */
function shell(folder: string, lines: readonly string[], env: Readonly<Record<string, string>>) {
  const tools = `${folder}.bin`
  mkdirSync(tools, { recursive: true })
  const own = `exec "${process.execPath}" "${join(root, 'bin', 'clauselint.js')}" "$@"`
  const npx = `[ "$1 $2 $4" = "--yes --package clauselint" ] || exit 99\necho "package $3"\nshift 4\n${own}`
  for (const [name, script] of [
    ['npx', npx],
    ['clauselint', own],
  ] as const) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(tools, name), 0o755)
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', lines.join('\n')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${tools}:${process.env['PATH']}`, ...env },
  })
  return { status, stdout, stderr }
}

describe('GitLab', () => {
  const job = parse(text('ci/gitlab-ci.yml')).clauselint
  const own = parse(text('fixtures/rule-repo/.gitlab-ci.yml')).clauselint.variables
  const run = (folder: string, options: string) =>
    shell(folder, job.script, {
      ...job.variables,
      ...own,
      CLAUSELINT_OPTIONS: `${options} ${TODAY}`,
      CI_PROJECT_DIR: folder,
    })
  const quality = (
    folder: string,
  ): { check_name: string; fingerprint: string; location: { path: string; lines: { begin: number } } }[] =>
    JSON.parse(readFileSync(join(folder, job.artifacts.reports.codequality), 'utf8'))

  test('the job writes the artifacts that it names, whatever it finds', () => {
    const folder = repository()
    const known = run(folder, own.CLAUSELINT_OPTIONS)
    expect({ ...known, stdout: '' }).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(known.stdout).toContain('package clauselint@0.1.0')
    expect(quality(folder).map(issue => issue.check_name)).toEqual(['no-elder-hotline'])
    addBreach(folder)
    expect(run(folder, own.CLAUSELINT_OPTIONS).status).toBe(1)
    expect(quality(folder).map(issue => issue.check_name)).toContain('amendment-without-notice')
    expect(readFileSync(join(folder, job.artifacts.reports.junit), 'utf8')).toContain('amendment-without-notice')
    expect(job.artifacts.when).toBe('always')
  })

  test('lines inserted above move an issue and keep its fingerprint', () => {
    const folder = repository()
    expect(run(folder, '').status).toBe(1)
    const before = quality(folder)
    edit(folder, 'rules/merchant-rules.html', html =>
      html.replace('<h2>第一章', '<p>本规则每年评估一次。</p>\n\n<h2>第一章'),
    )
    run(folder, '')
    const after = quality(folder)
    expect(after.map(issue => issue.fingerprint)).toEqual(before.map(issue => issue.fingerprint))
    const lineOf = (issues: typeof before) =>
      issues.find(i => i.check_name === 'price-parity')?.location.lines.begin ?? 0
    expect(lineOf(after)).toBe(lineOf(before) + 2)
    expect(new Set(before.map(issue => issue.fingerprint)).size).toBe(before.length)
  })
})

describe('pre-commit', () => {
  const hooks: { id: string; entry: string; language: string; types_or: string[]; pass_filenames?: boolean }[] = parse(
    text('.pre-commit-hooks.yaml'),
  )
  const used: { id: string; args: string[] }[] = parse(text('fixtures/rule-repo/.pre-commit-config.yaml')).repos[0]
    .hooks
  /** pre-commit puts the words of the entry, the arguments and the files after one another. */
  const commandOf = (id: string, files: readonly string[]) => {
    const hook = hooks.find(h => h.id === id)
    const args = used.find(u => u.id === id)?.args ?? []
    const names = hook?.pass_filenames === false ? [] : files
    return [hook?.entry, ...[...args, TODAY, ...names].map(word => `'${word}'`)].join(' ')
  }

  test('the hooks that the sample uses are there, and run what the package installs', () => {
    expect(hooks.map(({ id }) => id)).toEqual(used.map(({ id }) => id))
    const { bin } = JSON.parse(text('package.json'))
    for (const { entry, language, types_or } of hooks) {
      expect(language).toBe('node')
      expect(Object.keys(bin)).toContain(entry.split(' ')[0])
      expect(types_or).toEqual(['markdown', 'html', 'plain-text'])
    }
  })
  test('a commit passes, one with a new breach is refused', () => {
    const folder = repository()
    const files = ['rules/service-agreement.md', 'rules/after-sales-rules.md']
    const statuses = () => hooks.map(({ id }) => shell(folder, [commandOf(id, files)], {}).status)
    expect(statuses()).toEqual([0, 0])
    addBreach(folder)
    expect(statuses()).toEqual([1, 1])
  })
  test('npm pack prints the name of its file and no more, which pre-commit relies on', () => {
    const { stdout } = spawnSync('npm', ['config', 'get', 'foreground-scripts'], { cwd: root, encoding: 'utf8' })
    expect(stdout.trim()).toBe('false')
  })
})

test('git takes every file of the sample, hidden ones too', () => {
  const files = readdirSync(sample, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThanOrEqual(11)
  const { stdout, stderr } = spawnSync('git', ['check-ignore', '--no-index', ...files], { cwd: root, encoding: 'utf8' })
  if (!stderr.includes('not a git repository')) expect(stdout).toBe('')
})

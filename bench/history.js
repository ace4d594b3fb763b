// Measures `clauselint history --git` on thousands of versions, beside `git log -p` over the same history. Needs dist.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gitContents, gitHistory } from '../dist/cli/git.js'
import { agreement } from './document.js'

const bin = fileURLToPath(new URL('../bin/clauselint.js', import.meta.url))
const fixtures = fileURLToPath(new URL('../fixtures/agreements', import.meta.url))
const FILES = 100
/** Of the process itself, in KB; git runs beside it. */
const REPORT_RSS =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`maxRSS=${process.resourceUsage().maxRSS}\\n`))'

/** Numbers below `n`, the same on every run. */
function dice(seed) {
  let state = seed
  return n => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * n)
  }
}

const day = (from, days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)
const chinese = iso => iso.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')

/** Paragraphs to begin with: our own agreements, and made ones of 4 to 16 KB. */
function firstTexts() {
  const texts = readdirSync(fixtures, { recursive: true })
    .filter(name => /\.(?:md|txt)$/.test(name))
    .sort()
    .map(name => ({ extension: name.slice(name.lastIndexOf('.')), text: readFileSync(join(fixtures, name), 'utf8') }))
  for (const size of [4, 8, 16]) texts.push({ extension: '.md', text: agreement(size * 1024) })
  return texts.map(({ extension, text }) => ({
    extension,
    paragraphs: text.split(extension === '.md' ? '\n\n' : '\n').filter(Boolean),
  }))
}

/**
 * What a revision does to a rule: a period or rate is changed, a clause is put in, taken out or reworded; every tenth
 * is published with an announcement of its own dates.
 */
function revise(paragraphs, random, revision, today) {
  const edited = paragraphs.filter(text => !text.startsWith('公示期：'))
  const at = 1 + random(edited.length - 1)
  const withNumber = edited.findIndex((text, i) => i >= at && /\d/.test(text))
  const kind = random(4)
  if (kind <= 1 && withNumber > 0)
    edited[withNumber] = edited[withNumber].replace(/\d+/, n => String(+n + 1 + random(9)))
  else if (kind === 2 && edited.length > 12) edited.splice(at, 1)
  else {
    const days = 3 + random(20)
    edited.splice(
      at,
      0,
      `商家逾期${days}日未补足保证金的，平台可以暂停结算，并在${days + 2}日内通知商家（修订${revision}）。`,
    )
  }
  if (revision % 10 === 9) {
    const [start, end, effect] = [0, 7, 8].map(days => chinese(day(today, days)))
    edited.splice(1, 0, `公示期：${start}-${end}，预计于${effect}生效。`)
  }
  return edited
}

/** Makes a bare repository of `count` versions of about a hundred rules, one commit each, a few of them renamed. */
function makeRepository(folder, count) {
  const random = dice(count)
  const bases = firstTexts()
  const rules = Array.from({ length: FILES }, (_, i) => {
    const { extension, paragraphs } = bases[i % bases.length]
    return {
      path: `rules/第${i % 7}类/规则${i}${extension}`,
      extension,
      paragraphs: [`# 乐淘集市规则${i}`, ...paragraphs],
    }
  })
  const data = text => `data ${Buffer.byteLength(text)}\n${text}\n`
  const parts = []
  let bytes = 0
  for (let n = 0; n < count; n++) {
    const rule = n < FILES ? rules[n] : rules[random(FILES)]
    const today = day('2018-01-01', (n * 2900) / count)
    let rename = ''
    if (n >= FILES) {
      rule.paragraphs = revise(rule.paragraphs, random, n, today)
      if (n % 211 === 0) {
        const path = rule.path.replace(/(?:-v\d+)?\.(\w+)$/, `-v${n}.$1`)
        rename = `R "${rule.path}" "${path}"\n`
        rule.path = path
      }
    }
    const text = rule.paragraphs.join(rule.extension === '.md' ? '\n\n' : '\n')
    bytes += Buffer.byteLength(text)
    const who = `committer 规则组 <rules@example.com> ${Date.parse(today) / 1000 + 3600} +0800`
    const change = `${rename}M 100644 inline ${rule.path}\n${data(text)}`
    parts.push(`commit refs/heads/main\n${who}\n${data(`修订${n}`)}${change}`)
  }
  const repo = join(folder, `rules-${count}.git`)
  run('git', ['init', '--quiet', '--bare', '--initial-branch=main', repo])
  run('git', ['-C', repo, 'fast-import', '--quiet'], parts.join(''))
  return { repo, bytes }
}

/** Runs to the end; throws unless the status is one of `statuses`. Returns seconds and standard error. */
function run(command, args, input = '', statuses = [0]) {
  const begun = performance.now()
  const { status, stderr } = spawnSync(command, args, { input, stdio: ['pipe', 'ignore', 'pipe'], encoding: 'utf8' })
  if (!statuses.includes(status)) throw new Error(`${command} ${args.join(' ')}: status ${status}\n${stderr}`)
  return { seconds: (performance.now() - begun) / 1000, stderr }
}

/** Makes repositories of `counts` versions and prints for each: seconds, versions per second, peak memory. */
export async function historyBench(counts = [5000, 10_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'clauselint-history-'))
  const row = (name, seconds, note) => console.log(`  ${name.padEnd(34)} ${seconds.toFixed(2).padStart(8)} s   ${note}`)
  try {
    for (const count of counts) {
      const { repo, bytes } = makeRepository(folder, count)
      console.log(`\nhistory: ${count} versions of ${FILES} rules, ${(bytes / 1024 / count).toFixed(1)} KB each`)
      const speed = seconds => `${(count / seconds).toFixed(0)} versions/s`

      const peer = run('git', ['-C', repo, 'log', '-p', '--first-parent', '-M', '--', 'rules']).seconds
      row('git log -p', peer, speed(peer))

      const begun = performance.now()
      const history = await gitHistory(repo, ['rules/**'], { say: (_, en) => en })
      let versions = 0
      let read = 0
      for await (const content of gitContents(history, (_, en) => en)) {
        versions++
        read += content.bytes.length
      }
      if (versions !== count || read !== bytes) throw new Error(`${versions} versions read, ${count} made`)
      const reading = (performance.now() - begun) / 1000
      row('every version out of git', reading, `${speed(reading)}, ${(reading / peer).toFixed(2)} × git log -p`)

      const command = ['history', repo, '--git', '--path', 'rules/**', '--format', 'json', '--output', devNull]
      const whole = run(process.execPath, ['--import', REPORT_RSS, bin, ...command, '--no-config'], '', [0, 1])
      const peak = Number(/maxRSS=(\d+)/.exec(whole.stderr)?.[1]) / 1024
      const ratio = `${(whole.seconds / peer).toFixed(1)} × git log -p`
      row('clauselint history', whole.seconds, `${speed(whole.seconds)}, ${ratio}, peak ${peak.toFixed(0)} MB`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await historyBench()

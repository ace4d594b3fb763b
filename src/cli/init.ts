/** `clauselint init`: writes a commented `clauselint.yaml` from what the documents of a folder say of themselves. */

import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { documentDates, type DocumentDates } from '../annotate/dates.js'
import { annotate } from '../annotate/index.js'
import { ToolError } from '../errors.js'
import { parse } from '../parse/index.js'
import { isSupported, ReadError, readDocument } from '../read/index.js'
import { kindName, type Say, sayIn } from '../report/words.js'
import type { RuleSet } from '../rules/types.js'
import type { Lang } from '../types.js'
import { CONFIG_FILE } from './config.js'
import { collectInputs, systemMessage } from './inputs.js'
import { complain, writeResult } from './output.js'
import { ruleSet } from './rule-set.js'

export interface InitOptions {
  readonly lang: Lang
  /** Write over a config that is there. */
  readonly force: boolean
}

/** A document, and what its text says of itself. */
interface Listed {
  /** From the folder of the config. */
  readonly path: string
  readonly kind: string
  readonly dates: DocumentDates
  readonly platform: Platform
}

interface Platform {
  readonly name?: string
  readonly operator?: string
}

/** Files that stand beside agreements in a repository and are none. */
const NO_AGREEMENT =
  /^(?:readme|changelog|changes|history|contributing|code[-_]of[-_]conduct|security|license|licence|authors|codeowners|support|governance|clauselint-report)(?:[._-][^/]*)?$|^(?:读我|说明|更新日志|变更记录|贡献指南)\.[a-z]+$/i
/** Folders and files that are likely to hold what no longer or not yet applies. */
const ASIDE = /^(?:drafts?|archived?|old|backup|history|草稿|存档|归档|旧版|历史版本)$/i

/** Names that every agreement gives to its platform. */
const COMMON = /^(?:本|该)?(?:平台|公司|网站|商城|我们|我方|我司|甲方|乙方|平台方|运营方|平台经营者|站点?|app|服务)$/i

/**
 * The operator and the name of the platform, where the opening says “以下简称”: 乐淘网络科技有限公司（以下简称“乐淘集市”）.
 * Common nouns (“平台”) are no name.
 */
export function statedPlatform(text: string): Platform {
  const opening = text.slice(0, 6000)
  const short = String.raw`[^（）()。]{0,30}?(?:简称|下称|合称|统称)(?:为)?[：:]?\s*[“"「『‘']([^”"」』’']{1,20})[”"」』’']`
  const company = new RegExp(
    String.raw`([\p{Script=Han}A-Za-z0-9·]{2,30}(?:[（(]\p{Script=Han}{2,6}[）)]\p{Script=Han}{1,20})?(?:有限责任公司|有限公司|集团公司|合作社))\s*(?:及其关联公司)?\s*[（(]${short}`,
    'u',
  ).exec(opening)
  const brand = new RegExp(
    String.raw`[“"「『]([^”"」』]{2,20})[”"」』](?:平台|网站|商城|App|APP|小程序)?\s*[（(]${short}`,
    'u',
  ).exec(opening)
  const called = [company?.[2], brand?.[1], brand?.[2]].find(
    name => name !== undefined && name.length > 1 && !COMMON.test(name) && !/公司$|协议|规则|服务$/.test(name),
  )
  // What leads up to the name: 由, 您与, 是指.
  const lead = /^.*(?:由|使用|[您你户家方][与和及]|[台者][是为]|系?指)(?=\p{Script=Han}{4})/u
  const operator = company?.[1]?.replace(lead, '')
  return { ...(called !== undefined && { name: called }), ...(operator !== undefined && { operator }) }
}

/** What most documents say; the first one where they disagree evenly. */
function mostStated(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** A YAML text, quoted where it could be read as something else. */
const yamlText = (text: string): string =>
  /^[\p{L}][\p{L}\p{N}_./-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text)

/** What a text states of its dates, as a comment; null where it states none. */
function datesLine({ consultation, published, effective }: DocumentDates, say: Say): string | null {
  const parts = [
    consultation &&
      say(
        `意见征集 ${consultation.from} 至 ${consultation.to}`,
        `consultation ${consultation.from} to ${consultation.to}`,
      ),
    published && say(`公示 ${published}`, `published ${published}`),
    effective && say(`生效 ${effective}`, `effective ${effective}`),
  ].filter(part => part !== null)
  return parts.length === 0 ? null : parts.join(say('，', ', '))
}

/** The path of the schema as seen from `folder`; null where the package is not installed in it or above. */
function schemaPath(folder: string): string | null {
  const own = join('node_modules', 'clauselint', 'schema', 'config.schema.json')
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, own))) {
      const path = relative(folder, join(here, own)).replaceAll('\\', '/')
      return path.startsWith('.') ? path : `./${path}`
    }
    if (dirname(here) === here) return null
  }
}

/** The rules that a line of the profile switches on; empty where there are none. */
function switchedBy(flag: string, rules: RuleSet, say: Say): string {
  const own = rules.rules
    .filter(rule => rule.presence?.profile === flag)
    .map(rule => rule.id)
    .sort()
  if (own.length === 0) return ''
  const some = own.slice(0, 2).join(say('、', ', ')) + (own.length > 2 ? say(' 等', ', …') : '')
  return say(`，另查 ${own.length} 条：${some}`, `; adds ${own.length}: ${some}`)
}

interface Found {
  readonly documents: readonly Listed[]
  /** Patterns for `ignore`: files that are no agreements. */
  readonly ignored: readonly string[]
  /** Folders that may be meant to be left out. */
  readonly aside: readonly string[]
}

/** The text of the config. */
function configText({ documents, ignored, aside }: Found, schema: string | null, rules: RuleSet, say: Say): string {
  const name = mostStated(documents.map(({ platform }) => platform.name))
  const operator = mostStated(documents.map(({ platform }) => platform.operator))
  const schemaLine = `yaml-language-server: $schema=${schema ?? './node_modules/clauselint/schema/config.schema.json'}`
  const out: string[] = [
    say(
      '# clauselint 的配置。带 # 的行不起作用，去掉 # 即启用。',
      '# Configuration of clauselint. Lines behind a # do nothing; take the # away to use them.',
    ),
    schema === null
      ? say(
          `# 在项目中安装后（npm install --save-dev clauselint），把下一行改为只留一个 #，编辑器便能补全和校验：\n# # ${schemaLine}`,
          `# Once it is installed in the project (npm install --save-dev clauselint), leave one # in the next line and editors\n# complete and check this file:\n# # ${schemaLine}`,
        )
      : `# ${schemaLine}`,
    '',
    say('# 平台的情况，决定哪些规则适用。', '# What the platform is; it decides which rules hold.'),
  ]
  const stated = (key: string, value: string | undefined, zh: string, en: string): string =>
    value === undefined
      ? `  # ${key}: ${say(zh, en)}`
      : `  ${key}: ${yamlText(value)}  # ${say('取自文中的“以下简称”，请核对', 'from 以下简称 in the texts; please check')}`
  out.push(
    name === undefined && operator === undefined ? '# platform:' : 'platform:',
    stated('name', name, '甲平台', '甲平台'),
    stated('operator', operator, '甲网络科技有限公司', '甲网络科技有限公司'),
    say(
      '  # users: huge       # 大型平台：公示期由七日改按十五日计',
      '  # users: huge       # one of the largest platforms: published for fifteen days instead of seven',
    ),
  )
  const flags = [
    ['minors', '有未成年人使用', 'minors use it'],
    ['livestream', '有直播', 'there is live-streaming'],
    ['goods', '销售商品；不写则看文中是否谈到商品', 'goods are sold; left out, the texts tell'],
  ] as const
  for (const [flag, zh, en] of flags) {
    out.push(`  # ${`${flag}: true`.padEnd(17)} # ${say(zh, en)}${switchedBy(flag, rules, say)}`)
  }
  out.push(
    say(
      '  # whole: true       # 下列文档就是全部规则：缺少的必备内容也会报告（三份以上且有协议时默认如此）',
      '  # whole: true       # these are all rules there are: what they lack is reported (default for three or more, an agreement among them)',
    ),
    '',
    say(
      '# 不带路径运行 clauselint check 时检查的文档。kind 是按标题推断的，请核对；文中写明的日期不必重复。',
      '# What clauselint check without paths checks. Kinds are guessed from the titles, please check them; dates that a text\n# states need not be repeated.',
    ),
    say(
      '# 文中没有写的可以补上：audience: merchant（“您”指商家）、published、effective、consultation: { from, to }。',
      '# What a text does not say can be added: audience: merchant (who 您 is), published, effective, consultation: { from, to }.',
    ),
  )
  if (documents.length === 0)
    out.push(
      '# documents:',
      '#   - { path: rules/agreement.md, kind: service-agreement, published: 2026-06-11, effective: 2026-06-24 }',
    )
  else out.push('documents:')
  for (const { path, kind, dates } of documents) {
    const noted = [
      kind === 'other' ? say('看不出种类', 'kind not told by the title') : kindName(kind, say),
      datesLine(dates, say) ?? say('文中没有日期', 'no dates in the text'),
    ]
    const known = kind === 'other' ? '' : `, kind: ${kind}`
    out.push(`  - { path: ${yamlText(path)}${known} }  # ${noted.join(say('；', '; '))}`)
  }
  out.push(
    '',
    say(
      '# 检查文件夹时跳过的文件，写法同 .gitignore；.gitignore 里的本来就跳过。',
      '# Left out when folders are checked, written as in .gitignore, which counts anyway.',
    ),
    ...(ignored.length > 0 ? ['ignore:', ...ignored.map(path => `  - ${yamlText(path)}`)] : ['# ignore:']),
    ...(aside.length > 0 ? aside : ['drafts/', '*-old.md']).map(path => `  # - ${yamlText(path)}`),
    '',
    say(
      '# 调整规则：error、warning、info 或 off；clauselint rules 列出全部规则，clauselint explain 规则名 说明一条。',
      '# Rules can be error, warning, info or off; clauselint rules lists them, clauselint explain ID tells about one.',
    ),
    '# rules:',
    `#   remote-jurisdiction: error  # ${say('升为错误', 'raised')}`,
    `#   undefined-term: off         # ${say('不检查', 'not checked')}`,
    '#   overlong-sentence: { severity: info, options: { characters: 300 } }',
    '',
    say('# 只对部分文件：', '# For some files only:'),
    '# overrides:',
    '#   - { files: ["merchant/**"], audience: merchant, rules: { overlong-sentence: off } }',
  )
  return `${out.join('\n')}\n`
}

/** Reads the documents of a folder; what can't be read is said on standard error and left out. */
function findDocuments(folder: string, say: Say, lang: Lang): Found {
  const none = { of: () => null, for: () => null }
  const inputs = collectInputs([folder], isSupported, say, none)
  const tell = (path: string, message: string): void => complain(`${path}${say('：', ': ')}${message}`)
  for (const { path, message } of [...inputs.errors, ...inputs.notices]) if (path !== folder) tell(path, message)
  const documents: Listed[] = []
  const ignored: string[] = []
  const aside = new Set<string>()
  for (const file of inputs.files) {
    const path = relative(folder, file).replaceAll('\\', '/')
    if (NO_AGREEMENT.test(basename(path))) {
      ignored.push(path.includes('/') ? path : `/${path}`)
      continue
    }
    const parts = dirname(path).split('/')
    const at = parts.findIndex(part => ASIDE.test(part))
    if (at >= 0) aside.add(`${parts.slice(0, at + 1).join('/')}/`)
    try {
      const parsed = parse(readDocument(readFileSync(file), file, { lang }))
      documents.push({
        path,
        kind: annotate(parsed).kind,
        dates: documentDates(parsed),
        platform: statedPlatform(parsed.document.text),
      })
    } catch (error) {
      if (error instanceof ReadError) complain(error.texts[lang])
      else if (typeof (error as NodeJS.ErrnoException).syscall === 'string') tell(file, systemMessage(error, say))
      else throw error
    }
  }
  return { documents, ignored, aside: [...aside] }
}

/** The config that counted for `folder` so far; null if there is none. */
function configAbove(folder: string): string | null {
  for (let here = folder; !existsSync(join(here, '.git')) && dirname(here) !== here; ) {
    here = dirname(here)
    if (existsSync(join(here, CONFIG_FILE))) return relative(folder, join(here, CONFIG_FILE)).replaceAll('\\', '/')
  }
  return null
}

/** Writes `clauselint.yaml` in `folder`. Returns 0; throws ToolError where one is there already or can't be written. */
export async function runInit(folder: string, { lang, force }: InitOptions): Promise<number> {
  const say = sayIn(lang)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ToolError('bad-argument', say(`${folder} 不是文件夹。`, `${folder} is not a folder.`))
  const file = join(folder, CONFIG_FILE).replaceAll('\\', '/')
  // A link that leads nowhere is there too.
  if (!force && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw new ToolError(
      'config-exists',
      say(
        `${file} 已经存在，没有改动；要覆盖请加 --force。`,
        `${file} exists and was left as it is; --force writes over it.`,
      ),
    )
  const found = findDocuments(folder, say, lang)
  const text = configText(found, schemaPath(resolve(folder)), await ruleSet([], lang), say)
  writeResult(text, file, say)
  const above = configAbove(resolve(folder))
  if (above !== null)
    complain(
      say(
        `上级的 ${above} 对这个文件夹不再起作用；要沿用它，请加一行 extends: ${above}`,
        `${above} no longer counts for this folder; to build on it add the line extends: ${above}`,
      ),
    )
  const { length } = found.documents
  const command = folder === '.' ? 'clauselint check' : `clauselint check ${folder}`
  process.stdout.write(
    length === 0
      ? say(
          `已写入 ${file}，没有找到文档：请在其中列出 documents，再运行 clauselint check。\n`,
          `${file} written; no documents were found: list them in it under documents, then run clauselint check.\n`,
        )
      : say(
          `已写入 ${file}，列出 ${length} 份文档。核对后运行：${command}\n`,
          `${file} written, documents listed: ${length}. Check it, then run: ${command}\n`,
        ),
  )
  return 0
}

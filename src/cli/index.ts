/** The command line: commands, options and exit status. Stages are loaded by the command that needs them. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Argument, Command, CommanderError, Option } from 'commander'
import { ToolError } from '../errors.js'
import { FORMATS } from '../report/formats.js'
import { type Say, sayIn } from '../report/words.js'
import { nearest } from '../text/nearest.js'
import type { Lang } from '../types.js'
import type { CheckOptions, Output } from './check.js'
import { localise, usageError } from './help.js'
import { dayOf, earlyLang, oneOf, sizeIn } from './locale.js'
import { complain, guardStreams, writeResult } from './output.js'
import { toolVersion } from './version.js'
import type { VersionOptions } from './versions.js'

const TABLE_FORMATS = ['pretty', 'json'] as const
const LANGS = ['zh', 'en'] as const
const COLORS = ['auto', 'always', 'never'] as const
const SHELLS = ['bash', 'zsh', 'fish'] as const
const THRESHOLDS = ['error', 'warning', 'info', 'never'] as const
const CONFIDENCES = ['high', 'medium', 'low'] as const
const VERSION_FORMATS = ['pretty', 'json', 'markdown', 'html'] as const
const VERSION_THRESHOLDS = ['introduced', 'error', 'warning', 'info', 'never'] as const

/** Reads the ids of an option that may be repeated and may hold several, separated by commas. None at all is a mistake. */
function ids(flag: string, say: Say): (value: string, before?: readonly string[]) => string[] {
  return (value, before = []) => {
    const named = value
      .split(/[,，]/)
      .map(part => part.trim())
      .filter(Boolean)
    if (named.length > 0) return [...before, ...named]
    const message = say(
      `${flag} 后面没有规则名；请写上规则名，或者去掉 ${flag}。`,
      `${flag} names no rule; name one, or leave ${flag} out.`,
    )
    throw new ToolError('bad-argument', message)
  }
}

/** A --format or an --output, in the order of the command line. */
type Asked = { readonly format: string } | { readonly file: string }

/**
 * The reports that were asked for: each --output belongs to the --format before it that has none, or else to the next.
 * Throws ToolError where one belongs to none, where two reports would share a file, or standard output.
 */
function pairOutputs(asked: readonly Asked[], lang: Lang): Output[] {
  const say = sayIn(lang)
  const refuse = (zh: string, en: string) => new ToolError('bad-argument', say(zh, en))
  const outputs: Output[] = []
  let early: string | undefined
  for (const each of asked) {
    const last = outputs.at(-1)
    if ('format' in each) {
      const format = oneOf('--format', each.format, FORMATS, lang)
      outputs.push(early === undefined ? { format } : { format, file: early })
      early = undefined
    } else if (last !== undefined && last.file === undefined) outputs[outputs.length - 1] = { ...last, file: each.file }
    else if (early === undefined) early = each.file
    else throw refuse(`--output ${each.file} 前面缺少 --format。`, `--output ${each.file} has no --format before it.`)
  }
  if (early !== undefined) {
    if (outputs.length > 0)
      throw refuse(`--output ${early} 没有对应的 --format。`, `--output ${early} has no --format.`)
    outputs.push({ format: 'pretty', file: early })
  }
  if (outputs.length === 0) outputs.push({ format: 'pretty' })
  const files = outputs.map(({ file }) => (file === undefined ? file : resolve(file)))
  const twice = outputs.find(({ file }, i) => files.indexOf(file === undefined ? file : resolve(file)) < i)
  if (twice !== undefined) {
    throw twice.file === undefined
      ? refuse(
          '只能有一种格式输出到标准输出，其余的请各用 --output 指定文件。',
          'only one format can go to standard output; give each other one an --output.',
        )
      : refuse(`两份报告不能写入同一个文件：${twice.file}`, `two reports cannot share one file: ${twice.file}`)
  }
  return outputs
}

/** An option with a fixed set of values, which shells complete. */
function chosen(flags: string, description: string, values: readonly string[], fallback?: string): Option {
  const option = new Option(flags, description).default(fallback)
  // Not `choices()`: what is wrong is told by `oneOf`, in the language asked for.
  option.argChoices = [...values]
  return option
}

const langOption = (say: Say): Option =>
  chosen(
    '--lang <lang>',
    say('语言：zh 或 en（默认随系统，否则 zh）', 'language: zh or en (default: the locale, else zh)'),
    LANGS,
  )

/** Options of every command. `onOutput` is told of each --output as it comes. */
function addCommon(command: Command, say: Say, onOutput: (file: string) => void = () => {}): Command {
  return command
    .option(
      '--rules <dir>',
      say('另加一个规则文件夹（可重复）', 'one more folder of rules (repeatable)'),
      (v, all: string[] = []) => [...all, v],
    )
    .addOption(langOption(say))
    .addOption(
      chosen('--color <when>', say('颜色：auto、always、never', 'colour: auto, always or never'), COLORS, 'auto'),
    )
    .option('--output <file>', say('把结果写入文件', 'write the result to a file'), (file: string) => {
      onOutput(file)
      return file
    })
}

function buildProgram(lang: Lang, done: (status: number) => void): Command {
  const say = sayIn(lang)
  const program = new Command('clauselint')
  program
    .description(
      say(
        '检查电商平台的服务协议和交易规则：找出违反《网络交易平台规则监督管理办法》等规定的条款，说明依据并给出修改建议。',
        'Checks the agreements and trading rules of Chinese e-commerce platforms: finds clauses that breach the law on platform rules, cites it and proposes a fix.',
      ),
    )
    .version(toolVersion(), '-V, --version', say('显示版本号', 'show the version'))
    .helpCommand(false)
    .addHelpText(
      'after',
      say(
        '\n退出状态：0 没有达到 --fail-on 的问题；1 有问题；2 无法完成（参数、输入、配置或规则有误）。\nclauselint check --help 列出检查的全部选项。',
        '\nExit status: 0 nothing at or above --fail-on; 1 findings; 2 could not do the job (bad arguments, input, config or rule).\nclauselint check --help lists all options of check.',
      ),
    )
  localise(program, say)

  const shared = (options: Record<string, unknown>) => ({
    lang: options['lang'] === undefined ? lang : oneOf('--lang', String(options['lang']), LANGS, lang),
    color: oneOf('--color', String(options['color']), COLORS, lang),
    rules: (options['rules'] as string[] | undefined) ?? [],
    ...(options['output'] !== undefined && { output: String(options['output']) }),
  })

  const asked: Asked[] = []
  const check = program
    .command('check', { isDefault: true })
    .description(
      say(
        '检查文件或文件夹（默认命令；- 表示标准输入）',
        'check files or folders (the default command; - is standard input)',
      ),
    )
    .argument('[paths...]', say('文件、文件夹或 -', 'files, folders or -'))
    .addOption(
      chosen(
        '--format <format>',
        say(
          `输出格式：${FORMATS.join('、')}；可重复，每个 --output 属于它前面的 --format（写在最前则属于第一个）`,
          `output format: ${FORMATS.join(', ')}; repeatable, each --output belongs to the --format before it (if it comes first, to the first)`,
        ),
        FORMATS,
        'pretty',
      ).argParser((format: string) => {
        asked.push({ format })
        return format
      }),
    )
  addCommon(check, say, file => asked.push({ file }))
    .option(
      '--only <ids>',
      say('只用这些规则（逗号分隔，可重复）', 'use these rules only (comma separated, repeatable)'),
      ids('--only', say),
    )
    .option(
      '--skip <ids>',
      say('不用这些规则（逗号分隔，可重复）', 'leave these rules out (comma separated, repeatable)'),
      ids('--skip', say),
    )
    .addOption(
      chosen(
        '--fail-on <level>',
        say(
          '从哪一级起退出状态为 1：error、warning、info、never',
          'exit 1 from this severity on: error, warning, info or never',
        ),
        THRESHOLDS,
        'error',
      ),
    )
    .addOption(
      chosen(
        '--min-confidence <level>',
        say(
          '只报告可信度不低于此级的问题：high、medium、low',
          'report findings of at least this confidence: high, medium or low',
        ),
        CONFIDENCES,
      ),
    )
    .option(
      '--config <file>',
      say(
        '配置文件（默认用每份文档上方最近的 clauselint.yaml）',
        'config file (default: the clauselint.yaml nearest above each document)',
      ),
    )
    .addOption(new Option('--no-config', say('不读配置文件', 'read no config file')))
    .option(
      '--baseline <file>',
      say('基线文件，其中已有的问题不再报告', 'baseline file; findings in it are not reported'),
    )
    .option(
      '--update-baseline',
      say('把本次的全部问题写入基线（没有则新建）', 'write all findings of this run to the baseline (made if missing)'),
      false,
    )
    .option(
      '--prune-baseline',
      say('从基线中去掉不再出现的问题', 'remove from the baseline what is no longer found'),
      false,
    )
    .addOption(
      new Option(
        '--no-inline-suppressions',
        say('不理会文档中的 clauselint-disable 注释', 'ignore clauselint-disable comments in the documents'),
      ),
    )
    .option(
      '--today <date>',
      say('按这一天判断注释是否到期（默认今天）', 'judge by this day whether comments have expired (default: today)'),
    )
    .option('--quiet', say('只输出问题，不输出说明和汇总', 'findings only, no notices and no summary'), false)
    .option(
      '--sarif-include-suppressed',
      say('SARIF 中也列出被压下的问题', 'list suppressed findings in SARIF too'),
      false,
    )
    .option(
      '--fix',
      say(
        '把没有显著提示的重要条款加粗，写回 Markdown、HTML 原文件',
        'set material terms that nothing points out in bold, in the Markdown and HTML files themselves',
      ),
      false,
    )
    .option(
      '--fix-dry-run',
      say('只显示 --fix 的改动，不写文件', 'show the changes of --fix, write no document'),
      false,
    )
    .option(
      '--watch',
      say(
        '文档、配置、规则或基线一有改动就重新检查，按 Ctrl+C 结束',
        'check again whenever a document, the config, a rule or the baseline changes; Ctrl+C ends it',
      ),
      false,
    )
    .option(
      '--concurrency <threads>',
      say(
        '用几个线程：auto 在文字多时使用多核，1 为单线程；结果都一样',
        'threads to use: auto takes several cores where there is much text, 1 is one thread; the result is the same',
      ),
      'auto',
    )
    .option(
      '--shard <i/n>',
      say('只检查全部文档分成 n 片后的第 i 片，如 2/4', 'check only the i-th of n parts of the documents, such as 2/4'),
    )
    .option(
      '--cache',
      say('没有变化的文档沿用上次的结果', 'take results of unchanged documents from the last run'),
      false,
    )
    .option(
      '--cache-location <file>',
      say(
        '缓存文件或文件夹（默认 .clauselint-cache），隐含 --cache',
        'file or folder of the cache (default .clauselint-cache); implies --cache',
      ),
    )
    .option('--outline', say('输出条款大纲，不检查', 'print the outline of clauses instead of checking'), false)
    .option(
      '--stdin-filename <name>',
      say('标准输入的文件名，决定格式', 'name of standard input, decides its format'),
      'stdin.md',
    )
    .option(
      '--max-size <size>',
      say(
        '超过这个大小的文件不检查，状态为 2（默认 10M）',
        'larger files are not checked, and the status is 2 (default: 10M)',
      ),
    )
    .action(async (paths: string[], options: Record<string, unknown>) => {
      const unknown = paths.length === 1 ? commandLike(paths[0] ?? '', program) : undefined
      if (unknown !== undefined) {
        const message = say(
          `没有“${paths[0]}”这个文件或命令，是否指 clauselint ${unknown}？`,
          `no file or command '${paths[0]}'; did you mean clauselint ${unknown}?`,
        )
        throw new ToolError('bad-argument', message)
      }
      const confidence = options['minConfidence']
      const settings: CheckOptions = {
        ...shared(options),
        outputs: pairOutputs(asked, lang),
        sarifIncludeSuppressed: options['sarifIncludeSuppressed'] === true,
        failOn: oneOf('--fail-on', String(options['failOn']), THRESHOLDS, lang),
        only: (options['only'] as string[] | undefined) ?? [],
        skip: (options['skip'] as string[] | undefined) ?? [],
        quiet: options['quiet'] === true,
        outline: options['outline'] === true,
        ...(options['fixDryRun'] === true
          ? { fix: 'dry-run' as const }
          : options['fix'] === true && { fix: 'write' as const }),
        stdinFilename: String(options['stdinFilename']),
        ...(options['maxSize'] !== undefined && { maxSize: sizeIn('--max-size', String(options['maxSize']), lang) }),
        ...speedOptions(options, lang),
        ...baselineOptions(options, lang),
        inlineSuppressions: options['inlineSuppressions'] !== false,
        ...(options['today'] !== undefined && { today: dayOf('--today', String(options['today']), lang) }),
        ...(confidence !== undefined && {
          minConfidence: oneOf('--min-confidence', String(confidence), CONFIDENCES, lang),
        }),
        ...configOf(options),
      }
      if (options['watch'] === true) done(await (await import('./watch.js')).watchCheck(paths, settings))
      else done(await (await import('./check.js')).runCheck(paths, settings))
    })

  addCommon(program.command('rules').description(say('列出全部规则', 'list all rules')), say)
    .addOption(
      chosen(
        '--format <format>',
        say('输出格式：pretty、json', 'output format: pretty or json'),
        TABLE_FORMATS,
        'pretty',
      ),
    )
    .action(async (options: Record<string, unknown>) => {
      const { runRules } = await import('./rules.js')
      done(
        await runRules({
          ...shared(options),
          format: oneOf('--format', String(options['format']), TABLE_FORMATS, lang),
        }),
      )
    })

  const explain = program
    .command('explain')
    .description(say('说明一条规则：依据、理由、示例、例外', 'explain one rule: law, reasons, examples, exceptions'))
  addCommon(explain.argument('<id>', say('规则名', 'rule id')), say)
    .option(
      '--config <file>',
      say(
        '说明按哪份配置（默认当前文件夹上方最近的 clauselint.yaml）',
        'config to explain by (default: the clauselint.yaml nearest above the current folder)',
      ),
    )
    .addOption(new Option('--no-config', say('不读配置文件', 'read no config file')))
    .action(async (id: string, options: Record<string, unknown>) => {
      const { runExplain } = await import('./rules.js')
      done(await runExplain(id, { ...shared(options), ...configOf(options) }))
    })

  const test = program
    .command('test-rules')
    .description(say('运行一个文件夹里各规则的示例', 'run the examples of the rules in a folder'))
  addCommon(test.argument('<dir>', say('规则文件夹', 'folder of rules')), say).action(
    async (dir: string, options: Record<string, unknown>) => {
      const { runTestRules } = await import('./rules.js')
      done(await runTestRules(dir, shared(options)))
    },
  )

  addVersionCommands(program, lang, shared, done)
  program
    .command('init')
    .description(
      say(
        '按文件夹里的文档写一份带注释的 clauselint.yaml',
        'write a commented clauselint.yaml from the documents in a folder',
      ),
    )
    .argument('[folder]', say('文件夹（默认当前文件夹）', 'folder (default: the current one)'))
    .option('--force', say('覆盖已有的配置文件', 'write over a config file that is there'), false)
    .addOption(langOption(say))
    .action(async (folder: string | undefined, options: Record<string, unknown>) => {
      const { runInit } = await import('./init.js')
      done(
        await runInit(folder ?? '.', {
          lang: shared({ color: 'auto', ...options }).lang,
          force: options['force'] === true,
        }),
      )
    })

  const shell = new Argument('<shell>', say('bash、zsh 或 fish', 'bash, zsh or fish'))
  shell.argChoices = [...SHELLS]
  program
    .command('completion')
    .description(say('输出命令行补全脚本', 'print a script that completes command lines'))
    .addArgument(shell)
    .addOption(langOption(say))
    .action(async (name: string, options: Record<string, unknown>) => {
      const { completionScript, ruleIds } = await import('./completion.js')
      const chosenLang = shared({ color: 'auto', ...options }).lang
      // The scripts ask for the ids themselves, which an update may change.
      const text =
        name === 'rules'
          ? `${ruleIds().join('\n')}\n`
          : completionScript(oneOf('completion', name, SHELLS, chosenLang), program)
      writeResult(text, undefined, say)
    })

  program
    .command('lsp')
    .description(
      say('语言服务器（供编辑器在标准输入输出上使用）', 'language server for editors, on standard input and output'),
    )
    .addOption(
      chosen(
        '--lang <lang>',
        say('编辑器没有指定时的语言：zh 或 en', 'language where the editor names none: zh or en'),
        LANGS,
      ),
    )
    // Editors add arguments of their own: --stdio, --clientProcessId.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: Record<string, unknown>) => {
      const { runLsp } = await import('../lsp/server.js')
      await runLsp(shared({ color: 'auto', ...options }).lang)
    })

  for (const command of program.commands) localise(command, say)
  return program
}

/** `diff` and `history`, with the options they share. */
function addVersionCommands(
  program: Command,
  lang: Lang,
  shared: (options: Record<string, unknown>) => Pick<VersionOptions, 'lang' | 'color' | 'rules' | 'output'>,
  done: (status: number) => void,
): void {
  const say = sayIn(lang)
  const options = (command: Command): Command =>
    addCommon(
      command.addOption(
        chosen(
          '--format <format>',
          say('输出格式：pretty、json、markdown、html', 'output format: pretty, json, markdown or html'),
          VERSION_FORMATS,
          'pretty',
        ),
      ),
      say,
    )
      .option(
        '--only <ids>',
        say('只用这些规则（逗号分隔，可重复）', 'use these rules only (comma separated)'),
        ids('--only', say),
      )
      .option(
        '--skip <ids>',
        say('不用这些规则（逗号分隔，可重复）', 'leave these rules out (comma separated)'),
        ids('--skip', say),
      )
      .option('--config <file>', say('配置文件（默认 ./clauselint.yaml）', 'config file (default ./clauselint.yaml)'))
      .addOption(new Option('--no-config', say('不读配置文件', 'read no config file')))
      .option('--quiet', say('不输出说明和汇总', 'no notices and no summary'), false)
      .option(
        '--no-inline-suppressions',
        say('不理会文档里的 clauselint-disable 注释', 'ignore clauselint-disable comments'),
      )
      .option(
        '--today <date>',
        say('按这一天判断注释是否到期（默认今天）', 'day on which comments expire (default: today)'),
      )
      .addOption(
        chosen(
          '--fail-on <level>',
          say(
            '新增问题达到哪一级时退出状态为 1：introduced（任何一级）、error、warning、info、never',
            'exit 1 when what is new reaches this severity: introduced (any), error, warning, info or never',
          ),
          VERSION_THRESHOLDS,
          'error',
        ),
      )
  const settings = (given: Record<string, unknown>): VersionOptions => ({
    ...shared(given),
    format: oneOf('--format', String(given['format']), VERSION_FORMATS, lang),
    failOn: oneOf('--fail-on', String(given['failOn']), VERSION_THRESHOLDS, lang),
    only: (given['only'] as string[] | undefined) ?? [],
    skip: (given['skip'] as string[] | undefined) ?? [],
    quiet: given['quiet'] === true,
    stdinFilename: String(given['stdinFilename'] ?? 'stdin.md'),
    inlineSuppressions: given['inlineSuppressions'] !== false,
    ...(given['today'] !== undefined && { today: dayOf('--today', String(given['today']), lang) }),
    ...configOf(given),
  })

  options(
    program
      .command('diff')
      .description(
        say(
          '逐条比较两个版本：增删改移、重新编号、变化的含义、新增和消除的问题',
          'compare two versions clause by clause: what changed, what it means, findings introduced and fixed',
        ),
      )
      .argument('<old>', say('旧版本：文件、- 或 REV:路径', 'old version: a file, - or REV:path'))
      .argument('<new>', say('新版本：文件、- 或 REV:路径', 'new version: a file, - or REV:path')),
  )
    .option(
      '--stdin-filename <name>',
      say('标准输入的文件名，决定格式', 'name of standard input, decides its format'),
      'stdin.md',
    )
    .action(async (old: string, now: string, given: Record<string, unknown>) => {
      const { runDiff } = await import('./versions.js')
      done(await runDiff(old, now, settings(given)))
    })

  options(
    program
      .command('history')
      .description(
        say(
          '核查规则的全部版本：时间线、公示期和征求意见（办法10–15）、每一步的变化',
          'follow all versions of rules: timeline, publication and consultation (Measures 10–15), every step',
        ),
      )
      .argument(
        '[path]',
        say(
          '文件夹、clauselint.yaml 或 git 仓库（默认当前文件夹）',
          'folder, clauselint.yaml or git repository (default: here)',
        ),
        '.',
      ),
  )
    .option(
      '--git',
      say('读取 git 仓库的全部历史（也可以是裸仓库）', 'read the whole history of a git repository, bare ones too'),
      false,
    )
    .option(
      '--path <glob>',
      say('仓库中的文件，如 rules/**（可重复）', 'files in the repository, such as rules/** (repeatable)'),
      (v: string, all: string[] = []) => [...all, v],
    )
    .option(
      '--rev <rev>',
      say('从哪个提交或分支开始（默认 HEAD）', 'branch or commit to read the history of (default HEAD)'),
    )
    .action(async (path: string, given: Record<string, unknown>) => {
      const { runHistory } = await import('./versions.js')
      const paths = (given['path'] as string[] | undefined) ?? []
      if (paths.length > 0 && given['git'] !== true)
        throw new ToolError('bad-argument', say('--path 要与 --git 一起使用。', '--path goes with --git.'))
      done(
        await runHistory(path, {
          ...settings(given),
          git: given['git'] === true,
          paths,
          ...(given['rev'] !== undefined && { rev: String(given['rev']) }),
        }),
      )
    })
}

/** What the options say of the config. */
function configOf({ config }: Readonly<Record<string, unknown>>): { readonly config?: string | false } {
  return config === false ? { config } : typeof config === 'string' ? { config } : {}
}

/** What the options say of threads, parts and the cache. */
function speedOptions(
  { concurrency, shard, cache, cacheLocation }: Readonly<Record<string, unknown>>,
  lang: Lang,
): Pick<CheckOptions, 'concurrency' | 'shard' | 'cache'> {
  const refuse = (zh: string, en: string) => new ToolError('bad-argument', sayIn(lang)(zh, en))
  const threads = String(concurrency)
  if (threads !== 'auto' && !/^[1-9]\d{0,3}$/.test(threads))
    throw refuse(
      `--concurrency 的“${threads}”不对，应写 auto 或正整数（1–9999）。`,
      `--concurrency: '${threads}' is neither auto nor a positive integer (1 to 9999).`,
    )
  const [, index = '0', count = '0'] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(String(shard)) ?? []
  if (shard !== undefined && (index === '0' || Number(index) > Number(count)))
    throw refuse(
      `--shard 的“${shard}”不对，应写“第几片/共几片”，如 2/4。`,
      `--shard: '${shard}' is wrong; write the number of the part and of all parts, such as 2/4.`,
    )
  if (cacheLocation === '')
    throw refuse('--cache-location 后面缺少文件名。', '--cache-location needs the name of a file.')
  const place = cacheLocation === undefined ? (cache === true ? true : undefined) : String(cacheLocation)
  return {
    ...(threads !== 'auto' && { concurrency: Number(threads) }),
    ...(shard !== undefined && { shard: { index: Number(index), count: Number(count) } }),
    ...(place !== undefined && { cache: place }),
  }
}

/** What the options say of the baseline. */
function baselineOptions(
  { baseline, updateBaseline, pruneBaseline }: Readonly<Record<string, unknown>>,
  lang: Lang,
): Pick<CheckOptions, 'baseline' | 'writeBaseline'> {
  if (updateBaseline === true && pruneBaseline === true) {
    const message = sayIn(lang)(
      '--update-baseline 和 --prune-baseline 只能用一个。',
      'use --update-baseline or --prune-baseline, not both.',
    )
    throw new ToolError('bad-argument', message)
  }
  return {
    ...(baseline !== undefined && { baseline: String(baseline) }),
    ...(updateBaseline === true && { writeBaseline: 'update' }),
    ...(pruneBaseline === true && { writeBaseline: 'prune' }),
  }
}

/** The command that a lone argument, which names no file, probably stands for. */
function commandLike(word: string, program: Command): string | undefined {
  if (!/^[a-z-]{3,}$/.test(word)) return undefined
  const near = nearest(
    word,
    program.commands.map(command => command.name()),
  )
  return near !== undefined && Math.abs(near.length - word.length) <= 2 && !existsSync(word) ? near : undefined
}

/**
 * Runs the command line. `args` come without node and script. Returns the exit status: 0 clean, 1 findings, 2 the job
 * could not be done (one sentence on standard error says why).
 */
export async function main(args: readonly string[]): Promise<number> {
  const lang = earlyLang(args, process.env)
  const say = sayIn(lang)
  const isOutputLost = guardStreams(say)
  let status = 0
  const program = buildProgram(lang, value => {
    status = value
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return (await isOutputLost()) ? 2 : status
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return (await isOutputLost()) ? 2 : 0
      const name = args.find(arg => program.commands.some(command => command.name() === arg)) ?? 'check'
      const command = program.commands.find(candidate => candidate.name() === name) ?? program
      complain(usageError(error, command, say))
    } else if (error instanceof ToolError) complain(error.message)
    else {
      complain(
        say('程序内部错误，未能完成检查：', 'internal error, the check was not completed: ') +
          String((error as Error)?.stack ?? error),
      )
    }
    return 2
  }
}

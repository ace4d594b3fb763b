/** The command line: commands, options and exit status. Stages are loaded by the command that needs them. */

import { existsSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { ToolError } from '../errors.js'
import { type Say, sayIn } from '../report/words.js'
import { nearest } from '../text/nearest.js'
import { displayWidth, wrap } from '../text/width.js'
import type { Lang } from '../types.js'
import type { CheckOptions } from './check.js'
import { earlyLang, oneOf } from './locale.js'
import { complain, ignoreClosedPipes } from './output.js'
import { toolVersion } from './version.js'
import type { VersionOptions } from './versions.js'

const FORMATS = ['pretty', 'json'] as const
const LANGS = ['zh', 'en'] as const
const COLORS = ['auto', 'always', 'never'] as const
const THRESHOLDS = ['error', 'warning', 'info', 'never'] as const
const CONFIDENCES = ['high', 'medium', 'low'] as const
const VERSION_FORMATS = ['pretty', 'json', 'markdown', 'html'] as const
const VERSION_THRESHOLDS = ['introduced', 'error', 'warning', 'info', 'never'] as const

/** Values of an option that may be repeated and may hold several, separated by commas. */
function gather(value: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(/[,，]/)
      .map(part => part.trim())
      .filter(Boolean),
  ]
}

/** What commander found wrong with the arguments, in one sentence of our own. */
function usageError(error: CommanderError, command: Command, say: Say): string {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const flag = word.split(/[ ,]/)[0] ?? word
  switch (error.code) {
    case 'commander.unknownOption': {
      const known = command.options.flatMap(option =>
        [option.long, option.short].filter(name => name !== undefined && name !== null),
      )
      const near = nearest(flag, known)
      return say(
        `没有选项“${flag}”${near ? `，是否指“${near}”？` : '，可用 --help 查看全部选项。'}`,
        `there is no option '${flag}'${near ? `; did you mean '${near}'?` : '; --help lists them all.'}`,
      )
    }
    case 'commander.optionMissingArgument':
      return say(`选项“${word}”缺少取值。`, `option '${word}' needs a value.`)
    case 'commander.missingArgument': {
      const name = command.name()
      return say(`clauselint ${name} 缺少参数 ${word}。`, `clauselint ${name} needs an argument: ${word}.`)
    }
    case 'commander.excessArguments':
      return say(`clauselint ${command.name()} 的参数过多。`, `too many arguments for clauselint ${command.name()}.`)
    case 'commander.unknownCommand':
      return say(`没有命令“${word}”。`, `there is no command '${word}'.`)
    default:
      return error.message.replace(/^error: /, '')
  }
}

/** Help as commander lays it out, with Chinese headings and display widths. */
function localise(command: Command, lang: Lang, say: Say): void {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': '用法：',
    'Arguments:': '参数：',
    'Options:': '选项：',
    'Commands:': '命令：',
  }
  command.configureHelp({
    optionDescription: ({ description, defaultValue }) =>
      typeof defaultValue === 'string'
        ? description + say(`，默认 ${defaultValue}`, ` (default: ${defaultValue})`)
        : description,
    styleTitle: title => (lang === 'zh' ? (titles[title] ?? title) : title),
    displayWidth,
    boxWrap: (text, width) =>
      text
        .split('\n')
        .flatMap(line => wrap(line, width).map(({ start, end }) => line.slice(start, end)))
        .join('\n'),
  })
  command.helpOption('-h, --help', say('显示帮助', 'show this help'))
  command.exitOverride()
  command.configureOutput({ writeErr: () => {} })
}

function addCommon(command: Command, say: Say): Command {
  return command
    .option(
      '--rules <dir>',
      say('另加一个规则文件夹（可重复）', 'one more folder of rules (repeatable)'),
      (v, all: string[] = []) => [...all, v],
    )
    .option(
      '--lang <lang>',
      say('语言：zh 或 en（默认随系统，否则 zh）', 'language: zh or en (default: the locale, else zh)'),
    )
    .option('--color <when>', say('颜色：auto、always、never', 'colour: auto, always or never'), 'auto')
    .option('--output <file>', say('把结果写入文件', 'write the result to a file'))
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
  localise(program, lang, say)

  const shared = (options: Record<string, unknown>) => ({
    lang: options['lang'] === undefined ? lang : oneOf('--lang', String(options['lang']), LANGS, lang),
    color: oneOf('--color', String(options['color']), COLORS, lang),
    rules: (options['rules'] as string[] | undefined) ?? [],
    ...(options['output'] !== undefined && { output: String(options['output']) }),
  })

  const check = program
    .command('check', { isDefault: true })
    .description(
      say(
        '检查文件或文件夹（默认命令；- 表示标准输入）',
        'check files or folders (the default command; - is standard input)',
      ),
    )
    .argument('[paths...]', say('文件、文件夹或 -', 'files, folders or -'))
    .option('--format <format>', say('输出格式：pretty、json', 'output format: pretty or json'), 'pretty')
  addCommon(check, say)
    .option(
      '--only <ids>',
      say('只用这些规则（逗号分隔，可重复）', 'use these rules only (comma separated, repeatable)'),
      gather,
    )
    .option(
      '--skip <ids>',
      say('不用这些规则（逗号分隔，可重复）', 'leave these rules out (comma separated, repeatable)'),
      gather,
    )
    .option(
      '--fail-on <level>',
      say(
        '从哪一级起退出状态为 1：error、warning、info、never',
        'exit 1 from this severity on: error, warning, info or never',
      ),
      'error',
    )
    .option(
      '--min-confidence <level>',
      say(
        '只报告可信度不低于此级的问题：high、medium、low',
        'report findings of at least this confidence: high, medium or low',
      ),
    )
    .option('--config <file>', say('配置文件（默认 ./clauselint.yaml）', 'config file (default ./clauselint.yaml)'))
    .addOption(new Option('--no-config', say('不读配置文件', 'read no config file')))
    .option('--quiet', say('只输出问题，不输出说明和汇总', 'findings only, no notices and no summary'), false)
    .option('--outline', say('输出条款大纲，不检查', 'print the outline of clauses instead of checking'), false)
    .option(
      '--stdin-filename <name>',
      say('标准输入的文件名，决定格式', 'name of standard input, decides its format'),
      'stdin.md',
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
      const { runCheck } = await import('./check.js')
      const settings: CheckOptions = {
        ...shared(options),
        format: oneOf('--format', String(options['format']), FORMATS, lang),
        failOn: oneOf('--fail-on', String(options['failOn']), THRESHOLDS, lang),
        only: (options['only'] as string[] | undefined) ?? [],
        skip: (options['skip'] as string[] | undefined) ?? [],
        quiet: options['quiet'] === true,
        outline: options['outline'] === true,
        stdinFilename: String(options['stdinFilename']),
        ...(confidence !== undefined && {
          minConfidence: oneOf('--min-confidence', String(confidence), CONFIDENCES, lang),
        }),
        ...(options['config'] === false
          ? { config: false }
          : typeof options['config'] === 'string'
            ? { config: options['config'] }
            : {}),
      }
      done(await runCheck(paths, settings))
    })

  addCommon(program.command('rules').description(say('列出全部规则', 'list all rules')), say)
    .option('--format <format>', say('输出格式：pretty、json', 'output format: pretty or json'), 'pretty')
    .action(async (options: Record<string, unknown>) => {
      const { runRules } = await import('./rules.js')
      done(await runRules({ ...shared(options), format: oneOf('--format', String(options['format']), FORMATS, lang) }))
    })

  const explain = program
    .command('explain')
    .description(say('说明一条规则：依据、理由、示例、例外', 'explain one rule: law, reasons, examples, exceptions'))
  addCommon(explain.argument('<id>', say('规则名', 'rule id')), say).action(
    async (id: string, options: Record<string, unknown>) => {
      const { runExplain } = await import('./rules.js')
      done(await runExplain(id, shared(options)))
    },
  )

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

  for (const command of program.commands) localise(command, lang, say)
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
      command.option(
        '--format <format>',
        say('输出格式：pretty、json、markdown、html', 'output format: pretty, json, markdown or html'),
        'pretty',
      ),
      say,
    )
      .option('--only <ids>', say('只用这些规则（逗号分隔，可重复）', 'use these rules only (comma separated)'), gather)
      .option(
        '--skip <ids>',
        say('不用这些规则（逗号分隔，可重复）', 'leave these rules out (comma separated)'),
        gather,
      )
      .option('--config <file>', say('配置文件（默认 ./clauselint.yaml）', 'config file (default ./clauselint.yaml)'))
      .addOption(new Option('--no-config', say('不读配置文件', 'read no config file')))
      .option('--quiet', say('不输出说明和汇总', 'no notices and no summary'), false)
      .option(
        '--fail-on <level>',
        say(
          '新增问题达到哪一级时退出状态为 1：introduced（任何一级）、error、warning、info、never',
          'exit 1 when what is new reaches this severity: introduced (any), error, warning, info or never',
        ),
        'error',
      )
  const settings = (given: Record<string, unknown>): VersionOptions => ({
    ...shared(given),
    format: oneOf('--format', String(given['format']), VERSION_FORMATS, lang),
    failOn: oneOf('--fail-on', String(given['failOn']), VERSION_THRESHOLDS, lang),
    only: (given['only'] as string[] | undefined) ?? [],
    skip: (given['skip'] as string[] | undefined) ?? [],
    quiet: given['quiet'] === true,
    stdinFilename: String(given['stdinFilename'] ?? 'stdin.md'),
    ...(given['config'] === false
      ? { config: false }
      : typeof given['config'] === 'string'
        ? { config: given['config'] }
        : {}),
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
  ignoreClosedPipes()
  const lang = earlyLang(args, process.env)
  const say = sayIn(lang)
  let status = 0
  const program = buildProgram(lang, value => {
    status = value
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
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

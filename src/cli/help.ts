/** What the command line says about itself: help in the language asked for, examples, and mistakes in the arguments. */

import type { Command, CommanderError } from 'commander'
import type { Say } from '../report/words.js'
import { nearest } from '../text/nearest.js'
import { displayWidth, padTo, wrap } from '../text/width.js'

/** Command lines and what they do, by command. */
const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, zh: string, en: string])[]>> = {
  check: [
    ['clauselint check agreements', '检查一个文件夹里的全部文档', 'check all documents in a folder'],
    ['clauselint check draft.md --watch', '文件一改就重新检查', 'check again whenever the file changes'],
    [
      'clauselint check agreements --format sarif --output r.sarif --format pretty',
      '同时得到文件和屏幕上的报告',
      'a report in a file and one on the screen',
    ],
    [
      'clauselint check agreements --baseline known.json --update-baseline',
      '记下现有问题，以后只看新的',
      'record what is known, to see only what is new',
    ],
    ['cat draft.html | clauselint check - --stdin-filename draft.html', '检查标准输入', 'check standard input'],
  ],
  diff: [
    ['clauselint diff old.md new.md', '比较两个文件', 'compare two files'],
    [
      'clauselint diff HEAD~1:rules/a.md rules/a.md --fail-on introduced',
      '与上一次提交比，有新问题即失败',
      'against the last commit; fail on any new finding',
    ],
    [
      'clauselint diff old.html new.md --format html --output diff.html',
      '一页可离线打开的对照',
      'one page to open offline',
    ],
  ],
  history: [
    ['clauselint history archive', '按日期命名的文件', 'files named by their dates'],
    ["clauselint history . --git --path 'rules/**'", 'git 仓库的全部历史', 'the whole history of a git repository'],
    ['clauselint history archive --format html --output history.html', '时间线和程序核查', 'timeline and procedure'],
  ],
  rules: [
    ['clauselint rules', '内置规则', 'the built-in rules'],
    ['clauselint rules --rules my-rules', '连同自己的规则', 'with rules of your own'],
    ['clauselint rules --format json --output rules.json', '供程序读取', 'for programs'],
  ],
  explain: [
    ['clauselint explain deemed-consent', '说明一条规则', 'explain a rule'],
    ['clauselint explain deemed-consent --output rule.txt', '写入文件', 'write it to a file'],
  ],
  'test-rules': [
    ['clauselint test-rules my-rules', '运行自己规则中的示例', 'run the examples in rules of your own'],
    ['clauselint test-rules my-rules --lang en', '用英文报告', 'report in English'],
  ],
  init: [
    ['clauselint init', '在当前文件夹写一份配置', 'write a config in the current folder'],
    ['clauselint init agreements --force', '为另一个文件夹写，覆盖已有的', 'for another folder, over the old one'],
  ],
  completion: [
    ['source <(clauselint completion bash)', '写进 ~/.bashrc', 'put it in ~/.bashrc'],
    ['source <(clauselint completion zsh)', '写进 ~/.zshrc，放在 compinit 之后', 'put it in ~/.zshrc, after compinit'],
    ['clauselint completion fish > ~/.config/fish/completions/clauselint.fish', '运行一次即可', 'run it once'],
  ],
  lsp: [
    ['clauselint lsp --stdio', '由编辑器启动', 'started by the editor'],
    ['clauselint lsp --lang en', '用英文报告', 'report in English'],
  ],
}

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}

function examplesOf(name: string, say: Say): string {
  const examples = (EXAMPLES[name] ?? []).map(([line, zh, en]) => [line, say(zh, en)] as const)
  if (examples.length === 0) return ''
  const widest = Math.max(...examples.map(([line]) => displayWidth(line)))
  // Side by side where that fits a line, else what it does above the command, as in a shell script.
  const fits = examples.every(([, does]) => widest + displayWidth(does) + 6 <= 80)
  const lines = examples.map(([line, does]) =>
    fits ? `  ${padTo(line, widest)}  # ${does}` : `  # ${does}\n  ${line}`,
  )
  return `\n${say('示例：', 'Examples:')}\n${lines.join('\n')}`
}

/** Help as commander lays it out, with Chinese headings and display widths, and examples at its end. */
export function localise(command: Command, say: Say): void {
  command.configureHelp({
    optionDescription: ({ description, defaultValue }) =>
      typeof defaultValue === 'string'
        ? description + say(`，默认 ${defaultValue}`, ` (default: ${defaultValue})`)
        : description,
    argumentDescription: ({ description }) => description,
    styleTitle: title => say(TITLES[title] ?? title, title),
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
  command.addHelpText('after', examplesOf(command.name(), say))
}

/** What commander found wrong with the arguments, in one sentence of our own. */
export function usageError(error: CommanderError, command: Command, say: Say): string {
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

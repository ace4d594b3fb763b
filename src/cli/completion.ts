/** `clauselint completion`: scripts for bash, zsh and fish, made from the commands and options of the program itself. */

import { readdirSync } from 'node:fs'
import type { Command } from 'commander'

/** What may stand in a place of the command line: one of some words, or names that the shell looks up. */
type Values = readonly string[] | 'rules' | 'rule' | 'files' | 'folders' | 'anything'

interface CompletedOption {
  /** "--format" */
  readonly flag: string
  readonly description: string
  /** Null where it takes none. */
  readonly values: Values | null
}

interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
  /** Of its arguments; null where it takes none. */
  readonly values: Values | null
}

/** What the placeholder of a value stands for. */
const PLACEHOLDERS: Readonly<Record<string, Values>> = {
  ids: 'rules',
  id: 'rule',
  file: 'files',
  paths: 'files',
  dir: 'folders',
  folder: 'folders',
}

/** The command that a command line without one runs. */
const DEFAULT = 'check'

/** As much of a description as fits beside a word: its first part. */
const brief = (description: string): string => description.split(/[；：:;（(]/)[0]?.trim() ?? ''

function commandsOf(program: Command): CompletedCommand[] {
  const valuesOf = (placeholder: string, choices: readonly string[] | undefined): Values =>
    choices ?? PLACEHOLDERS[placeholder] ?? 'anything'
  return program.commands.map(command => {
    const [argument] = command.registeredArguments
    const options = command.options.flatMap(({ long, flags, description, argChoices }) => {
      const placeholder = /<(.+)>/.exec(flags)?.[1]
      const values = placeholder === undefined ? null : valuesOf(placeholder, argChoices)
      return long ? [{ flag: long, description: brief(description), values }] : []
    })
    return {
      name: command.name(),
      description: brief(command.description()),
      options: [
        ...options,
        {
          flag: '--help',
          description: command.createHelp().visibleOptions(command).at(-1)?.description ?? '',
          values: null,
        },
      ],
      values: argument === undefined ? null : valuesOf(argument.name(), argument.argChoices),
    }
  })
}

/** The ids of the built-in rules in order, from the names of their files: reading the rules would take too long. */
export function ruleIds(): string[] {
  const folder = new URL('../../rules/', import.meta.url)
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'lexicon')
    .flatMap(entry => readdirSync(new URL(`${entry.name}/`, folder)))
    .filter(name => name.endsWith('.yaml'))
    .map(name => name.slice(0, -'.yaml'.length))
    .sort()
}

/** The script for a shell. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const write = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell]
  return write(commandsOf(program))
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const lines = (words: readonly string[]): string => `$'${words.join('\\n')}'`

function bashScript(commands: readonly CompletedCommand[]): string {
  const reply = (values: Values): string => {
    if (values === 'rules') return '_clauselint_rules "$cur"'
    if (values === 'rule') return '_clauselint_words "$(_clauselint_ids)"'
    if (values === 'folders') return '_clauselint_folders'
    // No words of ours: bash completes file names, as it quotes them best.
    if (values === 'files' || values === 'anything') return ':'
    return `_clauselint_words ${lines(values)}`
  }
  const names = commands.map(({ name }) => name)
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(option =>
      option.values === null ? [] : [`    '${name} ${option.flag}') ${reply(option.values)}; return ;;`],
    ),
  )
  const rest = commands.map(
    command => `    '${command.name}') ${command.values === null ? ':' : reply(command.values)} ;;`,
  )
  const flags = commands.map(
    ({ name, options }) => `      '${name}') _clauselint_words ${lines(options.map(({ flag }) => flag))} ;;`,
  )
  return `# clauselint for bash: source <(clauselint completion bash)

_clauselint_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_clauselint_folders() {
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -d -- "$cur"))
}
_clauselint_ids() { "\${COMP_WORDS[0]}" completion rules 2>/dev/null; }
# One more id behind those that are there: a,b,…
_clauselint_rules() {
  local before=''
  [[ $cur == *,* ]] && before="\${cur%,*},"
  COMPREPLY=($(compgen -P "$before" -W "$(_clauselint_ids)" -- "\${cur##*,}"))
}

_clauselint() {
  local IFS=$'\\n' cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" command=${DEFAULT}
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then cur=''
  elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  if ((COMP_CWORD > 1)); then
    case "\${COMP_WORDS[1]}" in
      ${names.join(' | ')}) command="\${COMP_WORDS[1]}" ;;
    esac
  fi
  case "$command $prev" in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$command" in
${flags.join('\n')}
    esac
    return
  fi
  if ((COMP_CWORD == 1)); then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -W ${lines(names)} -- "$cur") $(compgen -f -- "$cur"))
    return
  fi
  case "$command" in
${rest.join('\n')}
  esac
}

complete -o bashdefault -o default -F _clauselint clauselint
`
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const action = (values: Values): string => {
    if (values === 'rules') return '_clauselint_rules'
    if (values === 'rule') return '_clauselint_rule'
    if (values === 'files') return '_files'
    if (values === 'folders') return '_directories'
    return values === 'anything' ? ' ' : `(${values.join(' ')})`
  }
  const plain = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&')
  const bodies = commands.map(({ name, options, values }) => {
    const specs = options.map(option => {
      const takes = option.values === null ? '' : `:${option.flag.slice(2)}:${action(option.values)}`
      return quoted(`*${option.flag}${option.values === null ? '' : '='}[${plain(option.description)}]${takes}`)
    })
    if (values !== null) specs.push(quoted(`*:${name}:${action(values)}`))
    return `    ${name})\n      _arguments -S ${specs.join(' \\\n        ')} ;;`
  })
  const names = commands.map(({ name, description }) => `    ${quoted(`${name}:${plain(description)}`)}`)
  return `#compdef clauselint
# clauselint for zsh: source <(clauselint completion zsh), after compinit; or save it as _clauselint in a folder of $fpath

_clauselint_ids() {
  reply=(\${(f)"$(clauselint completion rules 2>/dev/null)"})
}
_clauselint_rule() {
  local -a reply
  _clauselint_ids
  compadd -a reply
}
# Ids separated by commas.
_clauselint_rules() {
  local -a reply
  _clauselint_ids
  compset -P '*,'
  compadd -S '' -a reply
}

_clauselint() {
  local command=${DEFAULT}
  local -a commands
  commands=(
${names.join('\n')}
  )
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands
    _files
    return
  fi
  if ((CURRENT > 2 && \${commands[(I)$words[2]:*]} > 0)); then
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${bodies.join('\n')}
  esac
}

if [[ $funcstack[1] == _clauselint ]]; then _clauselint "$@"; else compdef _clauselint clauselint; fi
`
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const escaped = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
  const takes = (values: Values): string => {
    if (values === 'rules') return `-x -a "(__fish_complete_list , 'clauselint completion rules')"`
    if (values === 'rule') return "-x -a '(clauselint completion rules)'"
    if (values === 'files') return '-r -F'
    if (values === 'folders') return "-x -a '(__fish_complete_directories)'"
    return values === 'anything' ? '-x' : `-x -a ${escaped(values.join(' '))}`
  }
  const out = commands.flatMap(({ name, description, options, values }) => {
    const here = `complete -c clauselint -n '__clauselint_runs ${name}'`
    const argument = values === null ? '-f' : takes(values).replace('-r ', '').replace('-x', '-f')
    return [
      `complete -c clauselint -n __clauselint_first -a ${name} -d ${escaped(description)}`,
      `${here} ${argument}`,
      ...options.map(
        option =>
          `${here} -l ${option.flag.slice(2)}${option.values === null ? '' : ` ${takes(option.values)}`} -d ${escaped(option.description)}`,
      ),
    ]
  })
  return `# clauselint for fish: clauselint completion fish > ~/.config/fish/completions/clauselint.fish

function __clauselint_first
    test (count (commandline -opc)) -eq 1
end
function __clauselint_runs
    set -l words (commandline -opc)
    set -l command ${DEFAULT}
    contains -- "$words[2]" ${commands.map(({ name }) => name).join(' ')}
    and set command $words[2]
    test $command = $argv[1]
end

${out.join('\n')}
`
}

/** What is known of the platform: switches rules that hold only for some platforms. */

/** As `platform:` in the configuration; what is not said takes the default of `profileOf`. */
export interface Platform {
  readonly name?: string
  readonly operator?: string
  readonly users?: string
  readonly minors?: boolean
  readonly livestream?: boolean
  readonly goods?: boolean
  /** The documents of the run are the platform's whole rule set. */
  readonly whole?: boolean
}

export interface Profile {
  readonly whole: boolean
  readonly huge: boolean
  readonly minors: boolean
  readonly livestream: boolean
  readonly goods: boolean
}

/**
 * Fills in what the configuration leaves open. A run is taken for a whole rule set only when it holds at least three
 * documents, an agreement among them: a single document never lacks what another may say.
 */
export function profileOf(platform: Platform, kinds: readonly string[], text: () => string): Profile {
  const agreement = kinds.some(k => k === 'service-agreement' || k === 'merchant-agreement')
  return {
    whole: platform.whole ?? (kinds.length >= 3 && agreement),
    huge: platform.users === 'huge',
    minors: platform.minors ?? false,
    livestream: platform.livestream ?? false,
    goods: platform.goods ?? /商品|货物|发货|退货/.test(text()),
  }
}

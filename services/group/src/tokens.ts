// What is injected by a name, where one class stands for two things.
export const MUTE_STORE = Symbol('MuteStore');
export const BAN_STORE = Symbol('BanStore');
/** The use-cases as the handlers take them. */
export const GROUP_USE_CASES = Symbol('GroupUseCases');

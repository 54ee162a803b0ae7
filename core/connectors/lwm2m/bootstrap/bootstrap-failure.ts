/** Why a bootstrap came to nothing. The message is for the operator and the client; it holds no secrets. */
export class BootstrapFailure extends Error {}

/** Carries its values as they are; its subclasses say which of them are shown. */
export abstract class Success<Values extends object> {
  constructor(readonly values: Values) {}
}

// A component that is drawn anew only when its properties differ, or a signal that it reads.

import { Component, type ComponentType } from "preact";

export function memo<Props extends object>(Inner: ComponentType<Props>, isSame: (one: Props, other: Props) => boolean) {
  return class Remembered extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isSame(this.props as Props, next);
    }

    override render() {
      return <Inner {...(this.props as Props)} />;
    }
  };
}

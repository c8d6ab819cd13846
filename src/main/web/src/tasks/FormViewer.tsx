import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './form.css';
import { Form } from '@bpmn-io/form-js-viewer';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from 'react';
import type { FieldError } from '../api/types';
import type { Draft } from './drafts';

export type FormHandle = {
  /** The answers, or nothing while some are missing or not valid (they are marked then). */
  submit: () => Draft | undefined;
  /** Marks fields; gives back what could not be placed at one. */
  showErrors: (errors: FieldError[]) => string[];
};

type Component = { type?: string; components?: Component[] } & Record<string, unknown>;
type Props = { schema: Record<string, unknown>; draft: Draft | undefined; readOnly: boolean; changed: (data: Draft) => void; handle: Ref<FormHandle> };
type FormOptions = ConstructorParameters<typeof Form>[0];
type State = { data: Draft; errors: Record<string, unknown> };

/** The page has its own button, which also says when it is busy. */
function withoutButtons(component: Component): Component {
  return component.components
    ? { ...component, components: component.components.filter((each) => each.type !== 'button').map(withoutButtons) }
    : component;
}

export default function FormViewer({ schema, draft, readOnly, changed, handle }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const form = useRef<Form>(null);
  const typed = useEffectEvent((data: Draft) => changed(data));
  const begun = useEffectEvent(() => ({ draft, readOnly }));
  const text = JSON.stringify(schema);

  // Only another form is another import: a task that changed around it must not disturb the typing.
  useEffect(() => {
    // Without its delay, so that no word is lost when the tab closes.
    const viewer = new Form({ container: place.current!, debounce: false } as FormOptions);
    let touched = false;
    viewer.on('field.updated', () => {
      touched = true;
    });
    // A listener that gives back false would stop the form's own.
    viewer.on('changed', (state: State) => {
      if (touched) typed(state.data);
    });
    form.current = viewer;
    const { draft: data, readOnly: still } = begun();
    void viewer.importSchema(withoutButtons(JSON.parse(text)), data ?? {}).then(() => viewer.setProperty('readOnly', still));
    return () => viewer.destroy();
  }, [text]);

  useEffect(() => {
    if (form.current?._getState().schema) form.current.setProperty('readOnly', readOnly);
  }, [readOnly]);

  useImperativeHandle(handle, () => ({
    submit: () => {
      const { data, errors } = form.current!.submit();
      if (Object.keys(errors).length === 0) return data as Draft;
      setTimeout(() => place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return undefined;
    },
    showErrors: (errors) => {
      const fields = form.current!.get<{ getAll: () => { id: string; key?: string }[] }>('formFieldRegistry').getAll();
      const marked: Record<string, string[]> = {};
      const unplaced: string[] = [];
      for (const { field, message } of errors) {
        const found = fields.find((each) => each.key === field || each.id === field);
        if (found) marked[found.id] = [...(marked[found.id] ?? []), message];
        else unplaced.push(message);
      }
      form.current!._setState({ errors: marked });
      setTimeout(() => place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return unplaced;
    },
  }));

  return <div ref={place} className="journey-form" />;
}

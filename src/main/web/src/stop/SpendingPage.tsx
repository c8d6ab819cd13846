import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { write } from '../api/client';
import type { Budget, Unit } from '../api/types';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { budgetsQuery, unitsQuery } from './queries';

const states: Record<string, string> = {
  none: 'no budget',
  within: 'within the budget',
  warned: 'nearly spent',
  stopped: 'spent: what is not care waits',
};

export default function SpendingPage() {
  const session = useSession();
  const units = useQuery(unitsQuery);
  const budgets = useQuery(budgetsQuery);
  const [setting, setSetting] = useState<{ unit: Unit; budget?: Budget }>();
  const may = session.role === 'administrator';
  const items = units.data?.items.filter((unit) => unit.kind !== 'location') ?? [];
  const of = (unit: Unit) => budgets.data?.items.find((budget) => budget.orgUnit.id === unit.id);
  return (
    <>
      <p className="quiet hint">
        What a department, with all below it, may spend on messages in a month. At 80 % its people are told; at 100 % billing and marketing wait, and
        reminders where the department says so. Care and urgent messages never wait for money.
      </p>
      {(units.isPending || budgets.isPending) && <Waiting what="Reading the budgets" />}
      {units.isError && <Failure problem={units.error} what="The departments could not be read" retry={() => void units.refetch()} />}
      {budgets.isError && <Failure problem={budgets.error} what="The budgets could not be read" retry={() => void budgets.refetch()} />}
      {units.isSuccess && items.length === 0 && <Empty title="No department yet">Departments come from the EHR, as Organizations.</Empty>}
      {budgets.isSuccess && items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Department</th>
                <th scope="col">A month</th>
                <th scope="col">Spent</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="sr-only">Do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((unit) => {
                const budget = of(unit);
                return (
                  <tr key={unit.id}>
                    <td className={unit.kind === 'department' ? 'indented' : 'strong'}>{unit.name}</td>
                    <td>{budget?.monthly == null ? 'no limit' : `${budget.monthly} ${budget.currency}`}</td>
                    <td>{budget ? `${budget.spent} ${budget.currency} (${budget.percent} %)` : '–'}</td>
                    <td>
                      {budget ? (states[budget.state] ?? budget.state) : states.none}
                      {budget && budget.stopped > 0 && `, ${budget.stopped} waiting`}
                    </td>
                    <td className="row-end">
                      {may && (
                        <Button variant="light" size="xs" onClick={() => setSetting(budget ? { unit, budget } : { unit })}>
                          Set…
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <Modal opened={setting !== undefined} onClose={() => setSetting(undefined)} title={setting ? `${setting.unit.name}: budget of a month` : ''}>
        {setting && <BudgetForm {...setting} done={() => setSetting(undefined)} />}
      </Modal>
    </>
  );
}

function BudgetForm({ unit, budget, done }: { unit: Unit; budget?: Budget; done: () => void }) {
  const queries = useQueryClient();
  const [monthly, setMonthly] = useState(budget?.monthly == null ? '' : String(budget.monthly));
  const [stopsOperational, setStopsOperational] = useState(budget?.stopsOperational ?? false);
  const change = useMutation({
    mutationFn: () =>
      write<Budget>(`/api/v1/budgets/${unit.id}`, {
        method: 'PUT',
        json: { monthly: monthly.trim() === '' ? null : Number(monthly), stopsOperational },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['budgets'] });
      done();
    },
  });
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <TextInput label="A month, in USD; empty for no limit" inputMode="decimal" value={monthly} onChange={(event) => setMonthly(event.currentTarget.value)} />
      <Checkbox label="Reminders wait too when it is spent" checked={stopsOperational} onChange={(event) => setStopsOperational(event.currentTarget.checked)} />
      {change.isError && <Failure problem={change.error} what="The budget is as it was" />}
      <div className="form-end">
        <Button variant="default" onClick={done}>
          Leave it
        </Button>
        <Button type="submit" loading={change.isPending}>
          Set
        </Button>
      </div>
    </form>
  );
}

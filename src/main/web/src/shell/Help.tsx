import { Kbd, Modal } from '@mantine/core';

const keys: [string[], string][] = [
  [['j'], 'Next task in the list'],
  [['k'], 'Previous task in the list'],
  [['Enter'], 'Open the task you are on'],
  [['c'], 'Claim the open task'],
  [['/'], 'Find a patient'],
  [['?'], 'This sheet'],
  [['Esc'], 'Close a sheet, or go back to the list'],
];

export function Help({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <table className="keys">
        <tbody>
          {keys.map(([names, what]) => (
            <tr key={what}>
              <th scope="row">
                {names.map((name) => (
                  <Kbd key={name}>{name}</Kbd>
                ))}
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">Keys rest while you type.</p>
    </Modal>
  );
}

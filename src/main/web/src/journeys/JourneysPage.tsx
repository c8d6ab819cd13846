import { useQueries, useQuery } from '@tanstack/react-query';
import { journeyQuery, journeysQuery } from '../api/queries';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';

export default function JourneysPage() {
  const journeys = useQuery(journeysQuery);
  const items = journeys.data?.items ?? [];
  const details = useQueries({ queries: items.map((journey) => journeyQuery(journey.key)) });
  return (
    <main className="page">
      <title>Journeys · Throughline</title>
      <h1>Journeys</h1>
      <p className="quiet hint">What runs for patients here. A journey is drawn in Camunda Modeler and released when Throughline starts with it.</p>
      {journeys.isPending && <Waiting what="Reading the journeys" />}
      {journeys.isError && <Failure problem={journeys.error} what="The journeys could not be read" retry={() => void journeys.refetch()} />}
      {journeys.isSuccess && items.length === 0 && <Empty title="No journey is released yet">A journey appears here once its model is released.</Empty>}
      {items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Journey</th>
                <th scope="col">Follows</th>
                <th scope="col" className="number">
                  Version
                </th>
                <th scope="col">Released</th>
                <th scope="col" className="number">
                  Running
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((journey, index) => {
                const versions = details[index]?.data?.versions;
                const current = versions?.find((each) => each.version === journey.version);
                return (
                  <tr key={journey.key}>
                    <td className="strong">{journey.title}</td>
                    <td>{journey.subject === 'appointment' ? 'a visit' : journey.subject}</td>
                    <td className="number">{journey.version}</td>
                    <td>
                      {current ? (
                        <>
                          <Ago at={current.releasedAt} /> <span className="quiet">by {current.releasedBy}</span>
                        </>
                      ) : (
                        '–'
                      )}
                    </td>
                    <td className="number">{versions ? versions.reduce((sum, each) => sum + each.active, 0).toLocaleString('en') : '–'}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}

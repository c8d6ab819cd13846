package health.throughline.organization;

import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps all units in memory: they are few, and every message asks for some. A transaction that changed units reads the tables instead,
 * so it sees its own work and nobody else does before its commit.
 */
@Service
class CachedOrganization implements Organization {

    private static final int MOST_LEVELS = 16;

    private record Cached(Units units, long at) {}

    private final JdbcUnits units;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final long cacheNanos;
    private final AtomicLong generation = new AtomicLong();
    private volatile @Nullable Cached cached;

    CachedOrganization(
            JdbcUnits units,
            Audit audit,
            ApplicationEventPublisher events,
            Clock clock,
            PlatformTransactionManager transactions,
            OrganizationSettings settings) {
        this.units = units;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.cacheNanos = settings.cacheFor().toNanos();
    }

    @Override
    public Optional<OrgUnit> find(OrgUnitId id) {
        return read(cache -> cache.find(id), () -> units.find(id));
    }

    @Override
    public Optional<OrgUnit> findByPath(String path) {
        return read(cache -> Optional.ofNullable(cache.byPath().get(path)), () -> units.findByPath(path));
    }

    @Override
    public Optional<OrgUnit> findByExternalId(String source, String type, String externalId) {
        var id = new Units.ExternalId(source, type, externalId);
        return read(cache -> cache.find(cache.ids().get(id)), () -> units.findByExternalId(id));
    }

    @Override
    public List<OrgUnit> all() {
        return read(Units::all, units::all);
    }

    @Override
    public Optional<OrgUnit> ancestor(OrgUnitId id, OrgUnit.Kind kind) {
        Optional<OrgUnit> unit = find(id);
        for (int level = 0; level < MOST_LEVELS && unit.isPresent(); level++) {
            if (unit.get().kind() == kind) {
                return unit;
            }
            unit = Optional.ofNullable(unit.get().parent()).flatMap(this::find);
        }
        return Optional.empty();
    }

    @Override
    @Transactional
    public void save(OrgUnit wanted) {
        Instant now = clock.instant();
        OrgUnit unit = wanted;
        changing();
        if (!units.insert(unit, now)) {
            units.lock(unit.id());
            OrgUnit former = units.find(unit.id()).orElseThrow();
            unit = wanted.in(former.phase());
            if (former.equals(unit)) {
                return;
            }
            units.update(unit, now);
            if (!former.path().equals(unit.path())) {
                units.move(former.path(), unit.path());
            }
        }
        units.addVersion(unit, Actor.current().toString(), now, null);
        audit.record(Audit.Entry.done("org_unit.save", "org_unit", unit.id(), null));
    }

    @Override
    @Transactional
    public void changePhase(OrgUnitId id, OrgUnit.Phase to, String reason) {
        changing();
        units.lock(id);
        OrgUnit unit = units.find(id).orElseThrow();
        OrgUnit.Phase from = unit.phase();
        if (unit.kind() == OrgUnit.Kind.SYSTEM) {
            throw new IllegalArgumentException(
                    "The whole system has no phase; choose a hospital, department or location");
        }
        if (to == from) {
            throw new IllegalArgumentException(unit.name() + " is in this phase already");
        }
        if (to.ordinal() > from.ordinal() + 1) {
            throw new IllegalArgumentException("A department goes live one step at a time: from "
                    + from.name().toLowerCase(Locale.ROOT) + " to "
                    + OrgUnit.Phase.values()[from.ordinal() + 1].name().toLowerCase(Locale.ROOT));
        }
        Instant now = clock.instant();
        OrgUnit changed = unit.in(to);
        units.update(changed, now);
        units.addVersion(changed, Actor.current().toString(), now, reason);
        audit.record(Audit.Entry.done("org_unit.phase", "org_unit", id, null)
                .with("from", from.name().toLowerCase(Locale.ROOT))
                .with("to", to.name().toLowerCase(Locale.ROOT)));
        events.publishEvent(new PhaseChanged(id, from, to));
    }

    @Override
    @Transactional
    public boolean allow(OrgUnitId unit, UUID patient) {
        boolean added = units.allow(unit, patient, Actor.current().toString(), clock.instant());
        if (added) {
            audit.record(Audit.Entry.done("org_unit.allow", "org_unit", unit, patient));
            events.publishEvent(new AllowListed(unit, patient));
        }
        return added;
    }

    @Override
    @Transactional
    public boolean disallow(OrgUnitId unit, UUID patient) {
        boolean removed = units.disallow(unit, patient);
        if (removed) {
            audit.record(Audit.Entry.done("org_unit.disallow", "org_unit", unit, patient));
        }
        return removed;
    }

    @Override
    @Transactional(readOnly = true)
    public List<UUID> allowed(OrgUnitId unit) {
        return units.allowed(unit);
    }

    @Override
    @Transactional
    public void identify(OrgUnitId unit, String source, String type, String externalId) {
        changing();
        units.identify(unit, new Units.ExternalId(source, type, externalId));
    }

    private <T> T read(Function<Units, T> fromCache, java.util.function.Supplier<T> fromTables) {
        return TransactionSynchronizationManager.hasResource(this) ? fromTables.get() : fromCache.apply(current());
    }

    private Units current() {
        Cached known = cached;
        if (known != null && System.nanoTime() - known.at() < cacheNanos) {
            return known.units();
        }
        long before = generation.get();
        long at = System.nanoTime();
        Units loaded = transaction.execute(status -> units.load());
        if (before == generation.get()) {
            cached = new Cached(loaded, at);
        }
        return loaded;
    }

    private void changing() {
        if (TransactionSynchronizationManager.hasResource(this)) {
            return;
        }
        TransactionSynchronizationManager.bindResource(this, true);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void suspend() {
                TransactionSynchronizationManager.unbindResource(CachedOrganization.this);
            }

            @Override
            public void resume() {
                TransactionSynchronizationManager.bindResource(CachedOrganization.this, true);
            }

            @Override
            public void afterCompletion(int status) {
                TransactionSynchronizationManager.unbindResourceIfPossible(CachedOrganization.this);
                generation.incrementAndGet();
                cached = null;
            }
        });
    }
}

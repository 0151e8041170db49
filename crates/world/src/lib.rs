//! Places, props, vehicles, weather, sky: asset sections become geometry and light.
